#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// A moment in UTC, to the millisecond. Only the edge asks a clock; everyone else is told `now`.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// The wall clock, for the edge.
timestamp wall_clock_now();

/// `2026-11-23T15:04:05.678Z` (RFC 3339, section 5.6, always UTC and milliseconds).
std::string to_rfc3339(timestamp moment);

/// Reads RFC 3339 with any offset and any number of fraction digits (cut to milliseconds).
/// Nothing when the text is not such a moment: `2026-02-30T00:00:00Z` is not one.
std::optional<timestamp> from_rfc3339(std::string_view text);

/// The UTC day that holds `moment`.
std::chrono::sys_days day_of(timestamp moment);

/// `2026-11-23`.
std::string to_string(std::chrono::sys_days day);

/// The first moment of the day after.
timestamp end_of(std::chrono::sys_days day);

/// A span as OpenAI's `x-ratelimit-reset-*` writes it: `6m0s`, `1h0m30s`, `250ms`, `0s`.
std::string to_reset_text(std::chrono::milliseconds span);

} // namespace gateway

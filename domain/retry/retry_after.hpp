#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace gateway {

/// What an upstream's answer says about when to come again, as its headers have it; empty: not there.
struct rate_limit_headers {
  std::string_view retry_after_ms{};     ///< `retry-after-ms`, OpenAI's.
  std::string_view retry_after{};        ///< `Retry-After` (RFC 9110, section 10.2.3).
  std::string_view remaining_requests{}; ///< `x-ratelimit-remaining-requests`
  std::string_view reset_requests{};     ///< `x-ratelimit-reset-requests`
  std::string_view remaining_tokens{};   ///< `x-ratelimit-remaining-tokens`
  std::string_view reset_tokens{};       ///< `x-ratelimit-reset-tokens`
};

/// How long the upstream asks to wait: 0 to 24 hours. The first of the headers that says it counts. The resets say it
/// for what has 0 remaining; when neither remaining is there, the later reset does. What cannot be read says nothing.
std::optional<std::chrono::milliseconds> retry_after(const rate_limit_headers& headers, timestamp now);

} // namespace gateway

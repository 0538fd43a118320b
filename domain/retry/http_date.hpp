#pragma once

#include "domain/time.hpp"

#include <optional>
#include <string_view>

namespace gateway {

/// Reads an HTTP date in any of its three forms (RFC 9110, section 5.6.7); nothing when the text is none. The two
/// digits of an RFC 850 year are taken for the year that is at most 50 years ahead of `now`. The day's name must be
/// one, but need not be the right one.
std::optional<timestamp> from_http_date(std::string_view text, timestamp now);

} // namespace gateway

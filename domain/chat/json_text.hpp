#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// `text` as a JSON string with its quotes. The text is UTF-8; only what must be escaped is.
std::string json_quoted(std::string_view text);

/// Turns each `\uXXXX` of an escaped JSON text into UTF-8 (half a surrogate pair into U+FFFD); leaves the rest as it
/// is.
std::string decode_unicode_escapes(std::string_view escaped);

} // namespace gateway

#pragma once

#include "config/upstream_spec.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace gateway {

/// Reads `http://[user:password@]host:port`, user and password percent-encoded (RFC 3986, section 3.2.1), which become
/// Basic credentials (RFC 7617). The error says what is wrong without repeating the text, which may hold a secret.
tl::expected<proxy_spec, std::string> parse_proxy_url(std::string_view text);

/// `host:port`, never the credentials.
std::string to_string(const proxy_spec& proxy);

} // namespace gateway

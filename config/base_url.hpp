#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Where an upstream's API begins: `https://api.openai.com/v1`, in its parts.
struct base_url {
  bool tls = false;       ///< https
  std::string host;       ///< An IPv6 address without its brackets.
  std::uint16_t port = 0; ///< Always set: 80 or 443 when the text has none.
  std::string path;       ///< Empty, or `/v1`: never a slash at its end.

  bool empty() const { return host.empty(); }
  /// What a Host header says: host and port, without the port when it is the scheme's own.
  std::string authority() const;
  friend bool operator==(const base_url&, const base_url&) = default;
};

/// Scheme, host, port and path; holds no credentials, so it may be shown.
std::string to_string(const base_url& url);

/// Reads `http[s]://host[:port][/path]`. Credentials, a query and a fragment are refused. The error says what
/// is wrong without repeating the text, which may hold a secret.
tl::expected<base_url, std::string> parse_base_url(std::string_view text);

/// Reads 1 to 5 digits up to 65535; 0 only when `zero_too`.
bool parse_port(std::string_view text, std::uint16_t& to, bool zero_too = false);

/// Whether `host` is an IPv4 address, an IPv6 address without brackets, or can be a DNS name.
bool is_host(const std::string& host);

} // namespace gateway

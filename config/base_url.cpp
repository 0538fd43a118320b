#include "config/base_url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gateway {

namespace {

bool is_name_character(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '.' || letter == '_';
}

bool is_visible(char letter) { return letter > ' ' && letter < '\x7f'; }

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(), [](char want, char have) {
           return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have - 'A' + 'a') : have);
         });
}

} // namespace

bool is_host(const std::string& host) {
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return true;
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), is_name_character);
}

bool parse_port(std::string_view text, std::uint16_t& to, bool zero_too) {
  const char* const end = text.data() + text.size();
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || text.size() > 5 || (port == 0 && !zero_too)) return false;
  to = port;
  return true;
}

std::string base_url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

std::string to_string(const base_url& url) {
  return fmt::format("{}://{}{}", url.tls ? "https" : "http", url.authority(), url.path);
}

tl::expected<base_url, std::string> parse_base_url(std::string_view text) {
  const auto wrong = [](std::string_view what) { return tl::make_unexpected(std::string(what)); };
  base_url url;
  url.tls = starts_with_scheme(text, "https://");
  if (!url.tls && !starts_with_scheme(text, "http://")) return wrong("must start with http:// or https://");
  if (!std::all_of(text.begin(), text.end(), is_visible)) return wrong("must have no spaces or control characters");
  text.remove_prefix(url.tls ? 8 : 7);

  const auto slash = std::min(text.find_first_of("/?#"), text.size());
  auto authority = text.substr(0, slash);
  auto path = text.substr(slash);
  if (authority.find('@') != text.npos) return wrong("must have no user or password: put the key into api_key");
  if (path.find_first_of("?#") != text.npos) return wrong("must have no query and no fragment");
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  url.path = path;

  auto port = std::string_view{};
  if (authority.starts_with('[')) {
    const auto closed = authority.find(']');
    if (closed == authority.npos) return wrong("has an IPv6 address without its closing bracket");
    url.host = authority.substr(1, closed - 1);
    port = authority.substr(closed + 1);
    if (url.host.find(':') == std::string::npos) return wrong("may have brackets around an IPv6 address only");
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (!is_host(url.host)) return wrong("must name a host after the scheme");
  url.port = url.tls ? 443 : 80;
  if (!port.empty() && (port.front() != ':' || !parse_port(port.substr(1), url.port))) {
    return wrong("must have a port between 1 and 65535, or none");
  }
  return url;
}

} // namespace gateway

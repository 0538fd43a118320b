#include "config/proxy_url.hpp"

#include "config/reading/values.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace gateway {

namespace {

constexpr std::string_view scheme = "http://";

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto digits = text.substr(i + 1, 2);
    unsigned char byte = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (error != std::errc{} || digits.size() != 2 || stop != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // and the zero that OpenSSL ends it with
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

tl::expected<secret, std::string> basic(std::string_view credentials) {
  const auto colon = std::min(credentials.find(':'), credentials.size());
  const auto user = percent_decoded(credentials.substr(0, colon));
  const auto password = percent_decoded(credentials.substr(std::min(colon + 1, credentials.size())));
  if (!user || !password) return tl::make_unexpected(std::string("has a % without two hex digits after it"));
  if (user->find(':') != std::string::npos) return tl::make_unexpected(std::string("must have no colon in the user"));
  return secret("Basic " + base64(*user + ":" + *password));
}

} // namespace

tl::expected<proxy_spec, std::string> parse_proxy_url(std::string_view text) {
  const auto wrong = [](std::string_view what) { return tl::make_unexpected(std::string(what)); };
  if (text.size() < scheme.size() || strncasecmp(text.data(), scheme.data(), scheme.size()) != 0) {
    return wrong("must start with http://, such as http://proxy.example.com:3128");
  }
  if (!is_visible_ascii(text)) return wrong("must be visible ASCII characters only; percent-encode the others");
  text.remove_prefix(scheme.size());
  auto authority = text.substr(0, std::min(text.find_first_of("/?#"), text.size()));
  const auto rest = text.substr(authority.size());
  if (!rest.empty() && rest != "/") return wrong("must end after the port; percent-encode / ? # in a password");

  proxy_spec proxy;
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    auto credentials = basic(authority.substr(0, at));
    if (!credentials) return wrong(credentials.error());
    proxy.authorization = *std::move(credentials);
    authority.remove_prefix(at + 1);
  }
  const auto url = parse_base_url(std::string(scheme).append(authority));
  if (!url) return wrong(url.error());
  if (const auto last = authority.find_last_of(":]"); last == authority.npos || authority[last] == ']') {
    return wrong("must have a port, such as http://proxy.example.com:3128");
  }
  proxy.host = url->host;
  proxy.port = url->port;
  return proxy;
}

std::string to_string(const proxy_spec& proxy) {
  return proxy.host.find(':') == std::string::npos ? fmt::format("{}:{}", proxy.host, proxy.port)
                                                   : fmt::format("[{}]:{}", proxy.host, proxy.port);
}

} // namespace gateway

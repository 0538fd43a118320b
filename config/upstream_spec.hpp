#pragma once

#include "config/base_url.hpp"
#include "domain/api_key.hpp"
#include "domain/targets/breaker_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

struct upstream_timeouts {
  std::chrono::milliseconds connect{3'000};
  std::chrono::milliseconds first_byte{60'000};
  std::chrono::milliseconds first_token{60'000};
  std::chrono::milliseconds between_tokens{60'000};
  std::chrono::milliseconds total{600'000};
};

/// Whom an upstream's certificate must come from.
struct tls_trust {
  std::filesystem::path ca_file;     ///< PEM; empty: the system's authorities.
  bool insecure_skip_verify = false; ///< Believes any certificate. For tests of an installation only.
};

/// An HTTP proxy that opens tunnels (CONNECT; RFC 9110, section 9.3.6).
struct proxy_spec {
  std::string host; ///< An IPv6 address without brackets.
  std::uint16_t port = 0;
  secret authorization; ///< The value of Proxy-Authorization, such as `Basic dTpw`; empty: none is sent.

  bool empty() const { return host.empty(); }
};

enum class upstream_kind : std::uint8_t {
  echo,   ///< Built in: answers with what it was told.
  openai, ///< Speaks OpenAI's API over HTTP.
};

struct upstream_spec {
  upstream_kind kind = upstream_kind::echo;
  struct base_url base_url;                    ///< Set for every kind but echo.
  std::vector<secret> api_keys;                ///< Taken in turn; none: calls carry no Authorization.
  std::size_t connections = 256;               ///< Open at once in the whole process.
  std::size_t queue = 1024;                    ///< Calls that wait for one of them, in the whole process.
  std::chrono::milliseconds queue_for{10'000}; ///< So long, at most.
  std::chrono::milliseconds idle{50'000};      ///< An unused connection is kept so long.
  std::chrono::milliseconds lifetime{600'000}; ///< And any connection serves so long.
  upstream_timeouts timeouts;                  ///< Final: the global ones, where this upstream does not say otherwise.
  breaker_settings breaker;
  tls_trust trust;        ///< For https.
  proxy_spec https_proxy; ///< For https; empty: it is reached directly.
};

std::string_view to_string(upstream_kind kind);

} // namespace gateway

#pragma once

#include "config/listen_spec.hpp"
#include "domain/error.hpp"
#include "http/wire/tcp_connection.hpp"
#include "runtime/timer_wheel.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <memory>

namespace gateway {

/// The gateway's side of TLS with its callers: TLS 1.2 or later, HTTP/1.1. All workers share one, so that a caller may
/// resume with any of them what it began with another.
class tls_door {
 public:
  /// Reads the files; the failure says which one is of no use.
  static result<std::shared_ptr<const tls_door>> make(const listen_tls_spec& spec);

  /// A caller's connection, which shakes hands before its first read, within `patience`: else that read fails.
  connection_ptr welcome(tcp_socket socket, timer_wheel& wheel, std::chrono::milliseconds patience) const;

 private:
  explicit tls_door(SSL_CTX* context) : context_(context, SSL_CTX_free) {}

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

} // namespace gateway

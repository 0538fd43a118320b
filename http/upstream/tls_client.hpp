#pragma once

#include "config/upstream_spec.hpp"
#include "http/wire/tls_connection.hpp"

#include <memory>
#include <string>

namespace gateway {

struct ssl_context_deleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct ssl_session_deleter {
  void operator()(SSL_SESSION* kept) const { SSL_SESSION_free(kept); }
};

/// Our side of TLS with one host: TLS 1.2 or later, its certificate checked against the authorities and its name,
/// HTTP/1.1. The newest session is offered to the next connection, which saves a round trip.
class tls_client {
 public:
  tls_client(std::string host, const tls_trust& trust);
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;
  ~tls_client();

  /// Why no connection can be made, such as that the file of authorities cannot be read; empty when all is well.
  const std::string& trouble() const { return trouble_; }
  /// For one connection; only without trouble.
  ssl_ptr make_session() const;
  /// Why its handshake ended with `error`: what is wrong with the host's certificate, if that is it.
  static std::string reason(const tls_connection& peer, const boost::system::error_code& error);
  /// The session kept was of no use: the next connection begins anew.
  void forget() { newest_.reset(); }

 private:
  static int keep(SSL* session, SSL_SESSION* given);
  void set_trust(const tls_trust& trust);

  std::string host_;
  std::unique_ptr<SSL_CTX, ssl_context_deleter> context_;
  std::unique_ptr<SSL_SESSION, ssl_session_deleter> newest_;
  std::string trouble_;
};

} // namespace gateway

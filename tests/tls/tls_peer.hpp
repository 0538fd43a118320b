#pragma once

#include "tests/acceptance/loopback.hpp"
#include "tests/tls/certificates.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace gateway::test {

using context_ptr = std::shared_ptr<SSL_CTX>;

/// For a host with this certificate.
context_ptr server_context(const certificate_files& own);
/// For a caller who believes `authority_file`; with a certificate, if it has one.
context_ptr client_context(const std::string& authority_file, const certificate_files& own = {});

/// One end of a TLS connection, blocking; its waits are bounded as those of the socket are.
class tls_peer {
 public:
  /// `socket` must outlive it.
  tls_peer(const loopback_socket& socket, const context_ptr& context)
      : context_(context), session_(SSL_new(context.get()), forget) {
    SSL_set_fd(session_.get(), socket.descriptor());
  }

  /// Whether the handshake succeeded.
  bool accept() { return SSL_accept(session_.get()) == 1; }
  bool connect() { return SSL_connect(session_.get()) == 1; }
  bool send(std::string_view bytes);
  /// Some bytes; empty at the end, and when something is wrong.
  std::string receive();
  /// All until the end.
  std::string receive_all();
  /// So many, or all until the end.
  std::string receive(std::size_t bytes);
  /// Says farewell.
  void end() { SSL_shutdown(session_.get()); }
  /// Whether the other end did.
  bool was_ended() const { return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

  /// Before its handshake: offers the session of another.
  void resume(const tls_peer& other) { SSL_set_session(session_.get(), SSL_get0_session(other.session_.get())); }
  bool was_resumed() const { return SSL_session_reused(session_.get()) == 1; }
  /// The name that the caller asked for.
  std::string asked_name() const;
  std::string protocol() const;
  std::string version() const { return SSL_get_version(session_.get()); }

 private:
  /// Without spoiling its session for others that resume it.
  static void forget(SSL* session) {
    SSL_set_shutdown(session, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(session);
  }

  context_ptr context_;
  std::shared_ptr<SSL> session_;
};

} // namespace gateway::test

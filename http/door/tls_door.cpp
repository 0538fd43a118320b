#include "http/door/tls_door.hpp"

#include "http/log.hpp"
#include "http/wire/tls_connection.hpp"
#include "http/wire/tls_error.hpp"

#include <boost/asio/error.hpp>
#include <openssl/err.h>

#include <array>
#include <new>
#include <string>
#include <utility>

namespace gateway {
namespace {

using error_code = boost::system::error_code;

constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Shakes hands where a session waits for its first byte anyway: accepting goes on meanwhile, and the session counts,
/// drains and ends as any other.
class caller_connection final : public tls_connection {
 public:
  caller_connection(tcp_socket socket, ssl_ptr session, timer_wheel& wheel, std::chrono::milliseconds patience)
      : tls_connection(std::move(socket), std::move(session)), patience_(patience), limit_(wheel, [this] {
          late_ = true;
          close();
        }) {}

  task<io_result> read_some(asio::mutable_buffer into) override {
    if (secure_) return tls_connection::read_some(into);
    return first_read(into);
  }

 private:
  task<io_result> first_read(asio::mutable_buffer into) {
    limit_.set(patience_);
    const auto error = co_await shake_hands();
    limit_.clear();
    if (error) {
      const auto reason = late_ ? std::string("too slow") : why(error);
      log_event(log_level::debug, "tls_refused", {{"reason", reason}});
      close();
      co_return io_result{error, 0};
    }
    secure_ = true;
    co_return co_await tls_connection::read_some(into);
  }

  std::string why(const error_code& error) const {
    const auto verdict = SSL_get_verify_result(session());
    return verdict == X509_V_OK ? error.message() : X509_verify_cert_error_string(verdict);
  }

  std::chrono::milliseconds patience_;
  bool secure_ = false;
  bool late_ = false;
  deadline limit_;
};

/// HTTP/1.1 if the caller offers it; one that offers only other protocols may still speak it.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, http_1_1.data(), http_1_1.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// An encrypted key is refused: nobody is there to be asked for its password.
int no_password(char*, int, int, void*) { return 0; }

tl::unexpected<failure> unusable(const char* what, const std::filesystem::path& file) {
  return tl::unexpected(unavailable(std::string(what) + " " + file.string() + ": " + take_tls_error().message()));
}

result<void> ask_for_certificates(SSL_CTX* context, const listen_tls_spec& spec) {
  ERR_clear_error();
  const auto* file = spec.client_ca_file.c_str();
  auto* names = SSL_load_client_CA_file(file);
  if (!names || SSL_CTX_load_verify_file(context, file) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return unusable("cannot use listen.tls.client_ca_file", spec.client_ca_file);
  }
  SSL_CTX_set_client_CA_list(context, names);
  const int insist = spec.clients == client_certificates::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | insist, nullptr);
  return {};
}

} // namespace

result<std::shared_ptr<const tls_door>> tls_door::make(const listen_tls_spec& spec) {
  std::shared_ptr<tls_door> made(new tls_door(SSL_CTX_new(TLS_server_method())));
  auto* context = made->context_.get();
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  // Tickets carry the sessions; a cache here would be a lock that all workers share.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, http_1_1.data(), http_1_1.size());
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, spec.certificate_file.c_str()) != 1)
    return unusable("cannot use listen.tls.certificate_file", spec.certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context, spec.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return unusable("cannot use listen.tls.key_file", spec.key_file);
  if (spec.clients != client_certificates::off)
    if (auto asked = ask_for_certificates(context, spec); !asked) return tl::unexpected(std::move(asked.error()));
  return made;
}

connection_ptr tls_door::welcome(tcp_socket socket, timer_wheel& wheel, std::chrono::milliseconds patience) const {
  ssl_ptr session(SSL_new(context_.get()));
  if (!session) throw std::bad_alloc();
  SSL_set_accept_state(session.get());
  return std::make_unique<caller_connection>(std::move(socket), std::move(session), wheel, patience);
}

} // namespace gateway

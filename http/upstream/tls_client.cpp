#include "http/upstream/tls_client.hpp"

#include "http/wire/tls_error.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/x509v3.h>

#include <array>
#include <new>
#include <utility>

namespace gateway {
namespace {

constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Where a context remembers its tls_client.
int owner_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

bool is_address(const std::string& host) {
  boost::system::error_code not_numeric;
  asio::ip::make_address(host, not_numeric);
  return !not_numeric;
}

} // namespace

tls_client::tls_client(std::string host, const tls_trust& trust)
    : host_(std::move(host)), context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::bad_alloc();
  auto* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_protos(context, http_1_1.data(), http_1_1.size());
  // OpenSSL's own store would never be asked: a client has to know which session belongs to whom.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_ex_data(context, owner_index(), this);
  SSL_CTX_sess_set_new_cb(context, keep);
  set_trust(trust);
}

tls_client::~tls_client() { SSL_CTX_set_ex_data(context_.get(), owner_index(), nullptr); }

void tls_client::set_trust(const tls_trust& trust) {
  if (trust.insecure_skip_verify) return;
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  if (trust.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context_.get());
  } else if (SSL_CTX_load_verify_file(context_.get(), trust.ca_file.c_str()) != 1) {
    trouble_ = "cannot read " + trust.ca_file.string() + ": " + take_tls_error().message();
  }
}

int tls_client::keep(SSL* session, SSL_SESSION* given) {
  auto* owner = static_cast<tls_client*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), owner_index()));
  if (!owner) return 0;
  owner->newest_.reset(given);
  return 1; // The reference is ours now.
}

ssl_ptr tls_client::make_session() const {
  ssl_ptr made(SSL_new(context_.get()));
  if (!made) throw std::bad_alloc();
  SSL_set_connect_state(made.get());
  if (is_address(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(made.get()), host_.c_str());
  } else {
    SSL_set_hostflags(made.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(made.get(), host_.c_str());
    SSL_set_tlsext_host_name(made.get(), host_.c_str());
  }
  if (newest_ && SSL_SESSION_is_resumable(newest_.get())) SSL_set_session(made.get(), newest_.get());
  return made;
}

std::string tls_client::reason(const tls_connection& peer, const boost::system::error_code& error) {
  const auto verdict = SSL_get_verify_result(peer.session());
  const bool checked = (SSL_get_verify_mode(peer.session()) & SSL_VERIFY_PEER) != 0;
  return checked && verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : error.message();
}

} // namespace gateway

#include "tests/tls/tls_peer.hpp"

#include <array>
#include <csignal>
#include <stdexcept>

namespace gateway::test {
namespace {

context_ptr make_context(const SSL_METHOD* method, const certificate_files& own) {
  std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without asking not to be told this way.
  context_ptr made(SSL_CTX_new(method), SSL_CTX_free);
  if (own.certificate.empty()) return made;
  if (SSL_CTX_use_certificate_chain_file(made.get(), own.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(made.get(), own.key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("a certificate that cannot be used: " + own.certificate);
  return made;
}

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  constexpr std::string_view mine = "\x08http/1.1";
  unsigned char* found = nullptr;
  const auto how = SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(mine.data()), mine.size(),
                                         offered, offered_size);
  *chosen = found;
  return how == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

} // namespace

context_ptr server_context(const certificate_files& own) {
  auto made = make_context(TLS_server_method(), own);
  SSL_CTX_set_alpn_select_cb(made.get(), choose_http_1_1, nullptr);
  return made;
}

context_ptr client_context(const std::string& authority_file, const certificate_files& own) {
  auto made = make_context(TLS_client_method(), own);
  SSL_CTX_load_verify_file(made.get(), authority_file.c_str());
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
  return made;
}

bool tls_peer::send(std::string_view bytes) {
  return SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string tls_peer::receive() {
  std::array<char, 16 * 1024> room{};
  const auto got = SSL_read(session_.get(), room.data(), static_cast<int>(room.size()));
  return {room.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::string tls_peer::receive_all() {
  std::string all;
  for (auto some = receive(); !some.empty(); some = receive()) all += some;
  return all;
}

std::string tls_peer::receive(std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) {
    const auto some = receive();
    if (some.empty()) break;
    all += some;
  }
  return all;
}

std::string tls_peer::asked_name() const {
  const char* name = SSL_get_servername(session_.get(), TLSEXT_NAMETYPE_host_name);
  return name ? name : "";
}

std::string tls_peer::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(session_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

} // namespace gateway::test

#include "http/wire/tls_stream.hpp"

#include "http/wire/tls_error.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace gateway {

using error_code = boost::system::error_code;

/// OpenSSL's own BIO for sockets would raise SIGPIPE, and know nothing of `close`.
struct socket_bio {
  static tls_stream& of(BIO* bio) { return *static_cast<tls_stream*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* into, int size) {
    auto& stream = of(bio);
    BIO_clear_retry_flags(bio);
    error_code error;
    const auto got = stream.socket.read_some(asio::buffer(into, static_cast<std::size_t>(size)), error);
    if (!error) return static_cast<int>(got);
    if (error == asio::error::would_block) {
      BIO_set_retry_read(bio);
      return -1;
    }
    stream.ended_ = error == asio::error::eof;
    if (stream.ended_) return 0;
    stream.broken_ = error;
    return -1;
  }

  static int write(BIO* bio, const char* from, int size) {
    auto& stream = of(bio);
    BIO_clear_retry_flags(bio);
    error_code error;
    const auto sent = stream.socket.write_some(asio::buffer(from, static_cast<std::size_t>(size)), error);
    if (!error) return static_cast<int>(sent);
    if (error == asio::error::would_block)
      BIO_set_retry_write(bio);
    else
      stream.broken_ = error;
    return -1;
  }

  static long control(BIO* bio, int what, long, void*) {
    if (what == BIO_CTRL_FLUSH) return 1;
    return what == BIO_CTRL_EOF && of(bio).ended_ ? 1 : 0;
  }

  static BIO_METHOD* make_method() {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "worker's socket");
    if (!made) throw std::bad_alloc();
    BIO_meth_set_read(made, read);
    BIO_meth_set_write(made, write);
    BIO_meth_set_ctrl(made, control);
    return made;
  }

  static BIO* make(tls_stream& stream) {
    static BIO_METHOD* const method = make_method();
    auto* made = BIO_new(method);
    if (!made) throw std::bad_alloc();
    BIO_set_data(made, &stream);
    BIO_set_init(made, 1);
    return made;
  }
};

tls_stream::tls_stream(tcp_socket its_socket, ssl_ptr session)
    : socket(std::move(its_socket)), session_(std::move(session)) {
  error_code ignored; // A peer that is gone already shows in the handshake.
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  // What is written next need not be in the same place as what waited.
  SSL_set_mode(session_.get(),
               SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  auto* bio = socket_bio::make(*this);
  SSL_set_bio(session_.get(), bio, bio);
}

tls_stream::~tls_stream() {
  // Or OpenSSL spoils a session that may be resumed, only because its connection was closed without a farewell.
  SSL_set_shutdown(session_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

tls_step tls_stream::step(int outcome) {
  if (outcome > 0) return {{}, {{}, static_cast<std::size_t>(outcome)}};
  switch (SSL_get_error(session_.get(), outcome)) {
    case SSL_ERROR_WANT_READ: return {tcp_socket::wait_read, {}};
    case SSL_ERROR_WANT_WRITE: return {tcp_socket::wait_write, {}};
    case SSL_ERROR_ZERO_RETURN: return {{}, {asio::error::eof, 0}};
    case SSL_ERROR_SYSCALL: return {{}, {broken_ ? broken_ : take_tls_error(), 0}};
    default: return {{}, {take_tls_error(), 0}};
  }
}

tls_step tls_stream::shake_hands() {
  ERR_clear_error();
  return step(SSL_do_handshake(session_.get()));
}

tls_step tls_stream::read(asio::mutable_buffer into) {
  ERR_clear_error();
  const auto size = std::min<std::size_t>(into.size(), std::numeric_limits<int>::max());
  return step(SSL_read(session_.get(), into.data(), static_cast<int>(size)));
}

tls_step tls_stream::peek() {
  ERR_clear_error();
  char byte = 0;
  return step(SSL_peek(session_.get(), &byte, 1));
}

tls_step tls_stream::write(std::string_view bytes) {
  ERR_clear_error();
  return step(SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

void tls_stream::end() {
  ERR_clear_error();
  if (SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
  ERR_clear_error();
}

} // namespace gateway

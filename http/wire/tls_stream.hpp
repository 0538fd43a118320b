#pragma once

#include "http/wire/connection.hpp"
#include "http/wire/tcp_connection.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace gateway {

struct ssl_deleter {
  void operator()(SSL* session) const { SSL_free(session); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;

/// How far a step of TLS came: to its end, or to where the socket must become readable or writable first.
struct tls_step {
  std::optional<tcp_socket::wait_type> waits_for;
  io_result done;
};

/// OpenSSL on top of a non-blocking socket: nothing here waits. Reading and writing may be interleaved.
class tls_stream {
 public:
  tls_stream(tcp_socket its_socket, ssl_ptr session);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;
  ~tls_stream();

  tls_step shake_hands();
  tls_step read(asio::mutable_buffer into);
  /// Whether there is something to read, without taking it. What TLS says to itself, such as session tickets, is
  /// dealt with, and is nothing.
  tls_step peek();
  /// At most one record of it. A step that waits is repeated with the same bytes.
  tls_step write(std::string_view bytes);
  /// Says farewell, if there is room for it.
  void end();

  SSL* session() const { return session_.get(); }

  tcp_socket socket;
  unsigned cancels = 0;           ///< What began to wait before the last one is over.
  std::function<void()> observer; ///< To be called when there may be something to read.

 private:
  friend struct socket_bio;
  tls_step step(int outcome);

  ssl_ptr session_;
  boost::system::error_code broken_; ///< What the socket said when it failed.
  bool ended_ = false;               ///< The peer has closed its end of the socket.
};

} // namespace gateway

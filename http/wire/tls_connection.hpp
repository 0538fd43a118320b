#pragma once

#include "http/wire/connection.hpp"
#include "http/wire/tls_stream.hpp"

#include <memory>
#include <string>

namespace gateway {

/// A connection whose bytes go through TLS. `read_some` and the others are for after the handshake. The end of a stream
/// without the peer's farewell is an error, and not `asio::error::eof`: somebody may have cut it.
class tls_connection : public connection {
 public:
  /// Takes over a connected socket; `session` knows which side this is.
  tls_connection(tcp_socket socket, ssl_ptr session);
  tls_connection(const tls_connection&) = delete;
  tls_connection& operator=(const tls_connection&) = delete;
  ~tls_connection() override;

  /// Ends early with an error when the connection is cancelled or closed.
  task<boost::system::error_code> shake_hands();
  SSL* session() const { return stream_->session(); }

  task<io_result> read_some(asio::mutable_buffer into) override;
  std::optional<io_result> read_now(asio::mutable_buffer into) override;
  void when_readable(std::function<void()> call) override;
  void stop_watching() override { stream_->observer = nullptr; }
  bool is_stale() override;
  task<io_result> write(std::span<const asio::const_buffer> parts) override;
  void finish_writing() override;
  void cancel() override;
  void close() override;
  bool is_open() const override { return stream_->socket.is_open(); }

 private:
  std::shared_ptr<tls_stream> stream_; ///< What waits has a share in it, and may end after the connection.
  unsigned in_a_row_ = 0;              ///< Reads that did not have to wait.
};

} // namespace gateway

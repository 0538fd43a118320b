#include "http/wire/tcp_connection.hpp"

#include "runtime/readiness.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using error_code = boost::system::error_code;
using socket_ptr = std::shared_ptr<watched_socket>;

constexpr std::size_t most_parts = 16;
/// So that one peer who is never slow does not keep the worker to itself.
constexpr unsigned most_in_a_row = 32;

error_code last_error() { return {errno, boost::system::system_category()}; }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

/// What is there, or how it ended; nothing: there is nothing yet.
std::optional<io_result> try_read(watched_socket& socket, asio::mutable_buffer into) {
  if (socket.descriptor() < 0) return io_result{asio::error::bad_descriptor, 0};
  if (!socket.ready(watched_socket::reading)) return std::nullopt;
  while (true) {
    const auto got = ::recv(socket.descriptor(), into.data(), into.size(), 0);
    if (got > 0) {
      const auto bytes = static_cast<std::size_t>(got);
      if (bytes < into.size()) socket.exhausted(watched_socket::reading);
      return io_result{{}, bytes};
    }
    if (got == 0) return io_result{asio::error::eof, 0};
    if (errno == EINTR) continue;
    if (!would_block()) return io_result{last_error(), 0};
    socket.exhausted(watched_socket::reading);
    return std::nullopt;
  }
}

class tcp_connection final : public connection {
 public:
  explicit tcp_connection(tcp_socket socket) {
    error_code ignored; // A peer that is gone already shows at the first read.
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    auto& io = socket.get_executor().context();
    const auto descriptor = socket.release(ignored);
    socket_ = std::make_shared<watched_socket>(io, ignored ? -1 : descriptor);
  }
  tcp_connection(const tcp_connection&) = delete;
  tcp_connection& operator=(const tcp_connection&) = delete;
  ~tcp_connection() override {
    socket_->stop_notifying();
    socket_->close();
  }

  task<io_result> read_some(asio::mutable_buffer into) override {
    if (++in_a_row_ >= most_in_a_row) {
      in_a_row_ = 0;
      co_await asio::post(socket_->io().get_executor(), asio::deferred);
    }
    while (true) {
      if (const auto got = try_read(*socket_, into)) co_return *got;
      in_a_row_ = 0;
      const auto [error] = co_await socket_->wait(watched_socket::reading, asio::as_tuple(asio::deferred));
      if (error) co_return io_result{error, 0};
    }
  }

  std::optional<io_result> read_now(asio::mutable_buffer into) override { return try_read(*socket_, into); }
  void when_readable(std::function<void()> call) override { socket_->notify(std::move(call)); }
  void stop_watching() override { socket_->stop_notifying(); }

  bool is_stale() override {
    if (socket_->descriptor() < 0) return true;
    if (!socket_->ready(watched_socket::reading)) return false;
    char byte = 0;
    if (::recv(socket_->descriptor(), &byte, 1, MSG_PEEK) >= 0 || !would_block()) return true;
    socket_->exhausted(watched_socket::reading);
    return false;
  }

  error_code write_now(std::span<asio::const_buffer> parts) override {
    if (socket_->descriptor() < 0) return asio::error::bad_descriptor;
    if (!socket_->ready(watched_socket::writing)) return {};
    std::array<iovec, most_parts> pieces;
    std::size_t count = 0;
    std::size_t offered = 0;
    for (const auto& part : parts) {
      if (part.size() == 0 || count == pieces.size()) continue;
      pieces[count++] = {const_cast<void*>(part.data()), part.size()};
      offered += part.size();
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    ssize_t sent = -1;
    do {
      sent = ::sendmsg(socket_->descriptor(), &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && !would_block()) return last_error();
    auto left = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    if (left < offered) socket_->exhausted(watched_socket::writing);
    for (auto& part : parts) {
      const auto gone = std::min(left, part.size());
      left -= gone;
      part += gone;
    }
    return {};
  }

  task<io_result> write(std::span<const asio::const_buffer> parts) override {
    // Nearly every write fits the socket's buffer: then nothing needs to be suspended.
    const auto total = asio::buffer_size(parts);
    std::vector<asio::const_buffer> rest(parts.begin(), parts.end());
    while (true) {
      const auto failed = write_now(rest);
      const auto left = asio::buffer_size(rest);
      if (failed || left == 0) co_return io_result{failed, total - left};
      if (socket_->ready(watched_socket::writing)) continue; // There were more parts than go out at once.
      const auto [error] = co_await socket_->wait(watched_socket::writing, asio::as_tuple(asio::deferred));
      if (error) co_return io_result{error, total - left};
    }
  }

  void finish_writing() override { ::shutdown(socket_->descriptor(), SHUT_WR); }
  void cancel() override { socket_->cancel(); }
  void close() override { socket_->close(); }
  bool is_open() const override { return socket_->descriptor() >= 0; }

 private:
  socket_ptr socket_;
  unsigned in_a_row_ = 0; ///< Reads that had not to wait.
};

} // namespace

connection_ptr make_tcp_connection(tcp_socket socket) { return std::make_unique<tcp_connection>(std::move(socket)); }

} // namespace gateway

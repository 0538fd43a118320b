#include "http/wire/tls_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using error_code = boost::system::error_code;
using stream_ptr = std::shared_ptr<tls_stream>;

constexpr std::size_t largest_record = 16 * 1024;
/// So that one peer who is never slow does not keep the worker to itself.
constexpr unsigned most_in_a_row = 32;

/// Whether the socket got ready, and nobody said meanwhile that it is no longer waited for.
task<error_code> ready(tls_stream& stream, tcp_socket::wait_type what) {
  const auto cancels = stream.cancels;
  const auto [error] = co_await stream.socket.async_wait(what, asio::as_tuple(use_task));
  if (!error && stream.cancels != cancels) co_return asio::error::operation_aborted;
  co_return error;
}

void call_observer(const std::weak_ptr<tls_stream>& weak) {
  const auto stream = weak.lock();
  if (!stream) return;
  if (const auto call = std::exchange(stream->observer, nullptr)) call();
}

/// Hands out what is to be written in pieces as large as a record: small parts are gathered, large ones stay where
/// they are.
class pieces {
 public:
  explicit pieces(std::span<const asio::const_buffer> parts) : parts_(parts) {}

  /// Empty when all was written.
  std::string_view next() {
    skip_empty();
    if (parts_.empty()) return {};
    if (parts_.size() == 1 || rest().size() >= largest_record) return rest().substr(0, largest_record);
    gathered_.clear();
    auto at = at_;
    for (const auto& part : parts_) {
      const auto room = largest_record - gathered_.size();
      gathered_.append(static_cast<const char*>(part.data()) + at, std::min(room, part.size() - at));
      at = 0;
    }
    return gathered_;
  }

  void consume(std::size_t bytes) {
    while (bytes > 0) {
      const auto taken = std::min(bytes, parts_.front().size() - at_);
      at_ += taken;
      bytes -= taken;
      skip_empty();
    }
  }

 private:
  std::string_view rest() const {
    return {static_cast<const char*>(parts_.front().data()) + at_, parts_.front().size() - at_};
  }
  void skip_empty() {
    for (; !parts_.empty() && at_ == parts_.front().size(); at_ = 0) parts_ = parts_.subspan(1);
  }

  std::span<const asio::const_buffer> parts_;
  std::size_t at_ = 0; ///< In the first part.
  std::string gathered_;
};

} // namespace

tls_connection::tls_connection(tcp_socket socket, ssl_ptr session)
    : stream_(std::make_shared<tls_stream>(std::move(socket), std::move(session))) {}

tls_connection::~tls_connection() {
  stop_watching();
  close();
}

task<error_code> tls_connection::shake_hands() {
  const auto stream = stream_;
  while (true) {
    const auto step = stream->shake_hands();
    if (!step.waits_for) co_return step.done.error;
    if (const auto error = co_await ready(*stream, *step.waits_for)) co_return error;
  }
}

task<io_result> tls_connection::read_some(asio::mutable_buffer into) {
  const auto stream = stream_;
  if (++in_a_row_ >= most_in_a_row) {
    in_a_row_ = 0;
    co_await asio::post(stream->socket.get_executor(), use_task);
  }
  while (true) {
    const auto step = stream->read(into);
    if (!step.waits_for) co_return step.done;
    in_a_row_ = 0;
    const auto error = co_await ready(*stream, *step.waits_for);
    if (error) co_return io_result{error, 0};
  }
}

std::optional<io_result> tls_connection::read_now(asio::mutable_buffer into) {
  const auto step = stream_->read(into);
  if (step.waits_for) return std::nullopt;
  return step.done;
}

// Whoever is called may find nothing: the socket became readable for what TLS says to itself, or for an observer of
// before.
void tls_connection::when_readable(std::function<void()> call) {
  stream_->observer = std::move(call);
  // A share would keep the socket open when the connection has gone.
  const auto weak = std::weak_ptr(stream_);
  if (const auto step = stream_->peek(); step.waits_for)
    stream_->socket.async_wait(*step.waits_for, [weak](const error_code&) { call_observer(weak); });
  else
    asio::post(stream_->socket.get_executor(), [weak] { call_observer(weak); });
}

// A look at the socket would not do: the session tickets of TLS 1.3 come after the handshake, when the connection may
// be idle already, and are no reason to give it up. OpenSSL looks inside: it takes the tickets, and tells them from the
// farewell, from an end without one, and from bytes nobody asked for.
bool tls_connection::is_stale() { return !is_open() || !stream_->peek().waits_for; }

task<io_result> tls_connection::write(std::span<const asio::const_buffer> parts) {
  const auto stream = stream_;
  pieces left(parts);
  std::size_t written = 0;
  for (auto piece = left.next(); !piece.empty(); piece = left.next()) {
    auto step = stream->write(piece);
    while (step.waits_for) {
      const auto error = co_await ready(*stream, *step.waits_for);
      if (error) co_return io_result{error, written};
      step = stream->write(piece);
    }
    if (step.done.error) co_return io_result{step.done.error, written};
    written += step.done.bytes;
    left.consume(step.done.bytes);
  }
  co_return io_result{{}, written};
}

void tls_connection::finish_writing() {
  stream_->end();
  error_code ignored;
  stream_->socket.shutdown(tcp_socket::shutdown_send, ignored);
}

void tls_connection::cancel() {
  ++stream_->cancels;
  error_code ignored;
  stream_->socket.cancel(ignored);
}

void tls_connection::close() {
  error_code ignored;
  stream_->socket.close(ignored);
}

} // namespace gateway

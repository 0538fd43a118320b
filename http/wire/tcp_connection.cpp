#include "http/wire/tcp_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>
#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

using error_code = boost::system::error_code;
using buffer_list = boost::container::static_vector<asio::const_buffer, 16>;

class tcp_connection final : public connection {
 public:
  explicit tcp_connection(tcp_socket socket) : socket_(std::move(socket)) {
    error_code ignored; // A peer that is gone already shows at the first read.
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }

  task<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await socket_.async_read_some(into, asio::as_tuple(asio::deferred));
    co_return io_result{error, bytes};
  }

  void read_ahead(asio::mutable_buffer into, std::function<void(io_result)> done) override {
    socket_.async_read_some(into, [done = std::move(done)](const error_code& error, std::size_t bytes) {
      done({error, bytes});
    });
  }

  bool is_stale() override {
    error_code error;
    char byte = 0;
    socket_.receive(asio::mutable_buffer(&byte, 1), tcp_socket::message_peek, error);
    return error != asio::error::would_block;
  }

  error_code write_now(std::span<asio::const_buffer> parts) override {
    error_code error;
    auto written = socket_.write_some(parts, error);
    for (auto& part : parts) {
      const auto skipped = std::min(written, part.size());
      written -= skipped;
      part += skipped;
    }
    return error == asio::error::would_block ? error_code() : error;
  }

  task<io_result> write(std::span<const asio::const_buffer> parts) override {
    // Nearly every write fits the socket's buffer: then nothing needs to be suspended.
    buffer_list rest(parts.begin(), parts.end());
    const auto total = asio::buffer_size(rest);
    if (const auto error = write_now({rest.data(), rest.size()})) co_return io_result{error, 0};
    const auto written = total - asio::buffer_size(rest);
    if (written == total) co_return io_result{{}, written};
    const auto [failed, more] = co_await asio::async_write(socket_, rest, asio::as_tuple(use_task));
    co_return io_result{failed, written + more};
  }

  void finish_writing() override {
    error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
  }

  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  bool is_open() const override { return socket_.is_open(); }

 private:
  tcp_socket socket_;
};

} // namespace

connection_ptr make_tcp_connection(tcp_socket socket) { return std::make_unique<tcp_connection>(std::move(socket)); }

} // namespace gateway

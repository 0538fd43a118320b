#pragma once

#include "http/wire/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
// Left out of the above when Beast's own functions are compiled apart.
#include <boost/beast/_experimental/test/impl/stream.ipp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::test {

/// A connection in memory, seen from both of its ends.
class wire {
 public:
  explicit wire(asio::io_context& io) : here_(io.get_executor()), there_(std::in_place, io.get_executor()) {
    here_.connect(*there_);
  }

  /// What the peer sends.
  void send(std::string_view bytes) { there_->write_some(asio::const_buffer(bytes.data(), bytes.size())); }
  /// The peer says no more.
  void end() { here_.close_remote(); }
  /// The peer is gone: it neither sends nor receives.
  void vanish() {
    last_told_ = told();
    there_.reset();
  }
  /// How many bytes one read brings, at most.
  void read_at_most(std::size_t bytes) { here_.read_size(bytes); }

  /// All that the peer was told.
  std::string told() const { return there_ ? std::string(there_->str()) : last_told_; }
  std::size_t writes() const { return here_.nwrite(); }
  bool is_finished() const { return finished_; } ///< The peer was told that no more will come.
  bool is_closed() const { return closed_; }

 private:
  friend class test_connection;
  using stream = boost::beast::test::basic_stream<executor>;

  stream here_;
  std::optional<stream> there_;
  std::string last_told_;
  bool cancelled_ = false;
  bool finished_ = false;
  bool closed_ = false;
};

/// The gateway's end of a wire.
class test_connection final : public connection {
 public:
  explicit test_connection(std::shared_ptr<wire> on) : on_(std::move(on)) {}
  ~test_connection() override { test_connection::close(); }

  task<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await on_->here_.async_read_some(into, asio::as_tuple(use_task));
    if (error && on_->cancelled_) co_return io_result{asio::error::operation_aborted, bytes};
    co_return io_result{error, bytes};
  }

  void read_ahead(asio::mutable_buffer into, std::function<void(io_result)> done) override {
    auto told = [on = on_, done = std::move(done)](const boost::system::error_code& error, std::size_t bytes) {
      if (error && on->cancelled_) return done({asio::error::operation_aborted, bytes});
      done({error, bytes});
    };
    on_->here_.async_read_some(into, asio::bind_executor(on_->here_.get_executor(), std::move(told)));
  }

  bool is_stale() override { return on_->closed_; }

  task<io_result> write(std::span<const asio::const_buffer> parts) override {
    const auto [error, bytes] = co_await asio::async_write(on_->here_, parts, asio::as_tuple(use_task));
    co_return io_result{error, bytes};
  }

  void finish_writing() override { on_->finished_ = true; }

  void cancel() override {
    on_->cancelled_ = true;
    on_->here_.close_remote();
  }

  void close() override {
    on_->closed_ = true;
    on_->here_.close();
  }

  bool is_open() const override { return !on_->closed_; }

 private:
  std::shared_ptr<wire> on_;
};

} // namespace gateway::test

#pragma once

#include "http/wire/connection.hpp"
#include "runtime/one_shot.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::test {

/// A connection in memory, seen from both of its ends.
class wire : public std::enable_shared_from_this<wire> {
 public:
  explicit wire(timer_wheel& wheel) : wheel_(wheel) {}

  /// What the peer sends.
  void send(std::string_view bytes) {
    sent_ += bytes;
    news();
  }
  /// The peer says no more.
  void end() {
    ended_ = true;
    news();
  }
  /// The peer is gone: it neither sends nor receives.
  void vanish() {
    gone_ = true;
    end();
  }
  /// How many bytes one read brings, at most.
  void read_at_most(std::size_t bytes) { most_ = bytes; }

  /// All that the peer was told.
  const std::string& told() const { return told_; }
  std::size_t writes() const { return writes_; }
  bool is_finished() const { return finished_; } ///< The peer was told that no more will come.
  bool is_closed() const { return closed_; }

 private:
  friend class test_connection;

  void news() {
    if (reader_) reader_->fire();
    if (!watcher_) return;
    asio::post(wheel_.io(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      if (const auto call = std::exchange(self->watcher_, nullptr)) call();
    });
  }

  timer_wheel& wheel_;
  std::string sent_;
  std::string told_;
  std::size_t most_ = std::numeric_limits<std::size_t>::max();
  std::size_t writes_ = 0;
  one_shot* reader_ = nullptr;
  std::function<void()> watcher_;
  bool ended_ = false;
  bool gone_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  bool closed_ = false;
};

/// The gateway's end of a wire.
class test_connection final : public connection {
 public:
  explicit test_connection(std::shared_ptr<wire> on) : on_(std::move(on)) {}
  ~test_connection() override {
    test_connection::stop_watching();
    test_connection::close();
  }

  std::optional<io_result> read_now(asio::mutable_buffer into) override {
    if (on_->closed_) return io_result{asio::error::bad_descriptor, 0};
    if (!on_->sent_.empty()) {
      const auto bytes = std::min({on_->sent_.size(), into.size(), on_->most_});
      std::memcpy(into.data(), on_->sent_.data(), bytes);
      on_->sent_.erase(0, bytes);
      return io_result{{}, bytes};
    }
    if (on_->cancelled_) return io_result{asio::error::operation_aborted, 0};
    if (on_->ended_) return io_result{asio::error::eof, 0};
    return std::nullopt;
  }

  task<io_result> read_some(asio::mutable_buffer into) override {
    while (true) {
      if (const auto got = read_now(into)) co_return *got;
      one_shot came(on_->wheel_);
      on_->reader_ = &came;
      const auto how = co_await came.wait_for(std::chrono::hours(1));
      on_->reader_ = nullptr;
      if (how != wake::fired || on_->closed_) co_return io_result{asio::error::operation_aborted, 0};
    }
  }

  void when_readable(std::function<void()> call) override {
    on_->watcher_ = std::move(call);
    if (!on_->sent_.empty() || on_->ended_ || on_->closed_) on_->news();
  }
  void stop_watching() override { on_->watcher_ = nullptr; }

  bool is_stale() override { return on_->closed_; }

  task<io_result> write(std::span<const asio::const_buffer> parts) override {
    if (on_->closed_ || on_->gone_) co_return io_result{asio::error::broken_pipe, 0};
    for (const auto& part : parts) on_->told_.append(static_cast<const char*>(part.data()), part.size());
    ++on_->writes_;
    co_return io_result{{}, asio::buffer_size(parts)};
  }

  void finish_writing() override { on_->finished_ = true; }

  void cancel() override {
    on_->cancelled_ = true;
    on_->news();
  }

  void close() override {
    on_->closed_ = true;
    on_->news();
  }

  bool is_open() const override { return !on_->closed_; }

 private:
  std::shared_ptr<wire> on_;
};

} // namespace gateway::test

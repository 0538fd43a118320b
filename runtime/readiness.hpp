#pragma once

#include "runtime/task.hpp"
#include "runtime/waiter.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace gateway {

class watched_socket;

using socket_wait_ptr = waiter_ptr<boost::system::error_code>;

/// The sockets of an io_context, and when they can be read or written: by edges (epoll(7), EPOLLET), as a service of
/// Asio's. Asio's own sockets are asked in vain once for each read (it tries, waits and tries again); those in this set
/// are read when there is something. Decision 0013.
class readiness final : public asio::execution_context::service {
 public:
  static asio::execution_context::id id; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): Asio's way.

  explicit readiness(asio::execution_context& context);
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;
  ~readiness() override;

 private:
  friend class watched_socket;
  void shutdown() noexcept override;
  void add(watched_socket& one);
  void forget(watched_socket& one);
  void arm();
  void take_events();

  asio::posix::basic_stream_descriptor<executor> set_;
  std::vector<watched_socket*> sockets_;               ///< Each knows its place.
  std::vector<socket_wait_ptr> due_;                   ///< Only while events are taken.
  std::vector<std::weak_ptr<watched_socket>> noticed_; ///< The same.
  bool armed_ = false;
};

/// One connected, non-blocking socket, closed at its end. Only on the io_context's thread.
class watched_socket : public std::enable_shared_from_this<watched_socket> {
 public:
  enum direction : std::size_t { reading, writing };

  /// Takes over `descriptor`.
  watched_socket(asio::io_context& io, int descriptor);
  watched_socket(const watched_socket&) = delete;
  watched_socket& operator=(const watched_socket&) = delete;
  ~watched_socket();

  /// -1 once it is closed.
  int descriptor() const { return descriptor_; }
  asio::io_context& io() const { return io_; }

  /// Whether it is worth trying: something has happened since that was last exhausted.
  bool ready(direction what) const { return ready_[what]; }
  /// All was read that there was, or written that there was room for. What the peer's end has left is still ready.
  void exhausted(direction what) { ready_[what] = what == reading ? ended_ : broken_; }

  /// Completes with an error code when it is ready; with `operation_aborted` when it was cancelled or closed. Not
  /// before this returns. One wait for each direction at a time.
  template <class Token>
  auto wait(direction what, Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(
        [](auto handler, watched_socket* self, direction for_what) { self->start(for_what, std::move(handler)); },
        token, this, what);
  }

  /// Calls back, once, when it is ready to be read, or closed; never before this returns. For those who wait for
  /// something else meanwhile: unlike a wait it can be taken back, at no cost.
  void notify(std::function<void()> call);
  void stop_notifying() { observer_ = nullptr; }

  void cancel();
  void close();

 private:
  friend class readiness;

  template <class Handler>
  void start(direction what, Handler handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
      slot.assign([weak = weak_from_this(), what](asio::cancellation_type) {
        if (const auto self = weak.lock()) self->abort(what);
      });
    begin(what, make_waiter<boost::system::error_code>(std::move(handler)));
  }
  void begin(direction what, socket_wait_ptr wait);
  void abort(direction what);
  void note(unsigned events);
  void notify_later();
  void notify_now();

  asio::io_context& io_;
  readiness& set_;
  int descriptor_;
  std::size_t place_ = 0;
  bool ready_[2] = {true, true};
  bool ended_ = false;  ///< The peer has said all: reading never waits again.
  bool broken_ = false; ///< Nor does writing.
  socket_wait_ptr waits_[2];
  std::function<void()> observer_;
};

} // namespace gateway

#pragma once

#include "runtime/task.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace gateway {

/// How a wait ended.
enum class wake : std::uint8_t {
  fired,
  expired,   ///< The time was over first.
  cancelled, ///< The coroutine's cancellation came first.
};

/// Lets one coroutine wait until somebody on the same worker fires. Destroying the waiting coroutine is fine.
class one_shot {
 public:
  explicit one_shot(asio::io_context& io) : timer_(io.get_executor()) {}
  one_shot(const one_shot&) = delete;
  one_shot& operator=(const one_shot&) = delete;

  /// Wakes the waiter, or lets the next wait pass at once. More than once is as good as once.
  void fire();
  bool fired() const { return fired_; }

  task<wake> wait();
  task<wake> wait_for(std::chrono::milliseconds patience);

 private:
  using clock = std::chrono::steady_clock;
  task<wake> wait_until(clock::time_point end);

  bool fired_ = false;
  // A timer that is cancelled to wake: so the waiting coroutine belongs to the io_context, and ends with it.
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor> timer_;
};

} // namespace gateway

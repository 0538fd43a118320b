#pragma once

#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"
#include "runtime/waiter.hpp"
#include "runtime/wake_queue.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

namespace gateway {

/// How a wait ended.
enum class wake : std::uint8_t {
  fired,
  expired,   ///< The time was over first.
  cancelled, ///< The coroutine's cancellation came first.
};

/// Lets one coroutine wait until somebody on the same worker fires. It belongs to that coroutine, and may end with it
/// at any time.
class one_shot : public wake_hook {
 public:
  explicit one_shot(timer_wheel& wheel);
  one_shot(const one_shot&) = delete;
  one_shot& operator=(const one_shot&) = delete;
  ~one_shot() = default;

  /// Wakes the waiter, or lets the next wait pass at once. More than once is as good as once.
  void fire();
  bool fired() const { return fired_; }

  /// To be awaited: ends with a `wake`, up to two ticks of the wheel after `longest` was over.
  auto wait_for(std::chrono::milliseconds longest) {
    return asio::async_initiate<const asio::deferred_t, void(wake)>(
        [](auto handler, one_shot* self, std::chrono::milliseconds limit) {
          auto slot = asio::get_associated_cancellation_slot(handler);
          if (slot.is_connected()) slot.assign([self](asio::cancellation_type) { self->end(wake::cancelled); });
          self->begin(make_waiter<wake>(std::move(handler)), limit);
        },
        asio::deferred, this, longest);
  }

 private:
  friend class wake_queue;

  void begin(waiter_ptr<wake> who, std::chrono::milliseconds limit);
  void end(wake how);
  /// The waiter, who is not in a queue any more.
  waiter_ptr<wake> leave();
  void end_wait();

  wake_queue& queue_;
  deadline limit_;
  waiter_ptr<wake> waiter_;
  wake how_ = wake::fired;
  bool fired_ = false;
};

} // namespace gateway

#include "bench/net/appointments.hpp"

#include "bench/net/sockets.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

namespace gateway::bench {

appointments::appointments(int epoll)
    : timer_(check(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")) {
  // Edge-triggered, so that it need not be read.
  watch(epoll, timer_, EPOLLIN | EPOLLET);
}

std::optional<appointment> appointments::take_due(steady_time now) {
  if (queue_.empty() || queue_.top().when > now) return std::nullopt;
  const auto due = queue_.top();
  queue_.pop();
  return due;
}

void appointments::arm() {
  if (queue_.empty() || queue_.top().when == armed_for_) return;
  armed_for_ = queue_.top().when;
  const auto nanoseconds = armed_for_.time_since_epoch().count();
  itimerspec spec{};
  spec.it_value.tv_sec = nanoseconds / 1'000'000'000;
  spec.it_value.tv_nsec = nanoseconds % 1'000'000'000;
  check(timerfd_settime(timer_, TFD_TIMER_ABSTIME, &spec, nullptr), "timerfd_settime");
}

} // namespace gateway::bench

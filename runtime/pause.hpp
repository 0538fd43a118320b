#pragma once

#include "runtime/task.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace gateway {

/// Waits so long, to the millisecond: for those to whom a tick of the wheel is long. Whether the time is over:
/// otherwise the coroutine's cancellation came first.
inline task<bool> pause_for(asio::io_context& io, std::chrono::milliseconds time) {
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> timer(
      io.get_executor(), time);
  const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::deferred));
  co_return !error;
}

} // namespace gateway

#include "runtime/one_shot.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace gateway {

void one_shot::fire() {
  fired_ = true;
  timer_.cancel();
}

task<wake> one_shot::wait() { return wait_until(clock::time_point::max()); }

task<wake> one_shot::wait_for(std::chrono::milliseconds patience) { return wait_until(clock::now() + patience); }

task<wake> one_shot::wait_until(clock::time_point end) {
  if (fired_) co_return wake::fired;
  timer_.expires_at(end);
  const auto [error] = co_await timer_.async_wait(asio::as_tuple(asio::deferred));
  if (fired_) co_return wake::fired;
  co_return error ? wake::cancelled : wake::expired;
}

} // namespace gateway

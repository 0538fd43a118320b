#include "domain/targets/target_health.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};
const call_outcome failed{verdict::failed, false, "connection refused", 0us};

call_outcome answered_after(std::chrono::microseconds latency) { return {verdict::answered, false, "", latency}; }

/// An upstream whose calls ended like this, all at `start`.
target_health after(std::initializer_list<call_outcome> outcomes) {
  target_health health;
  for (const auto& outcome : outcomes) {
    health.start(start);
    health.finish(outcome, start);
  }
  return health;
}

TEST_CASE("calls are in flight from their start to their end") {
  target_health health;
  health.start(start);
  health.start(start);
  CHECK(health.in_flight() == 2);
  health.finish(answered_after(1ms), start);
  CHECK(health.in_flight() == 1);
  health.finish(failed, start);
  CHECK(health.in_flight() == 0);
  CHECK(health.calls() == 2);
  CHECK(health.failures() == 1);
}

TEST_CASE("a call that was started in an earlier life does not turn the count around") {
  target_health health;
  health.finish(answered_after(1ms), start);
  CHECK(health.in_flight() == 0);
}

TEST_CASE("one good answer ends a row of failures") {
  auto mended = after({failed, failed, failed, answered_after(1ms)});
  CHECK(mended.consecutive_failures() == 0);
  CHECK(mended.failures() == 3);
  CHECK(mended.last_error() == "connection refused");
}

TEST_CASE("a call that its caller abandoned is counted, and says nothing") {
  auto health = after({failed, {verdict::abandoned, false, "", 0us}});
  CHECK(health.calls() == 2);
  CHECK(health.in_flight() == 0);
  CHECK(health.consecutive_failures() == 1);
}

TEST_CASE("failures in a row open the breaker, and what was declined does not") {
  CHECK(after({failed, failed, failed, failed, failed}).breaker().state(start) == breaker_state::open);
  const call_outcome declined{verdict::declined, false, "rate limited", 0us};
  auto limited = after({declined, declined, declined, declined, declined});
  CHECK(limited.breaker().state(start) == breaker_state::closed);
  CHECK(limited.failures() == 5);
}

TEST_CASE("a slower answer is believed at once") {
  CHECK(after({answered_after(10ms), answered_after(80ms)}).latency() == 80'000);
}

TEST_CASE("a faster answer is believed by and by") {
  auto health = after({answered_after(80ms)});
  health.finish(answered_after(10ms), start + 10s);
  CHECK(health.latency() == Approx(10'000 + 70'000 * std::exp(-1)));
  health.finish(answered_after(10ms), start + 70s);
  CHECK(health.latency() == Approx(10'000).epsilon(0.01));
}

TEST_CASE("how fast a failure came says nothing") {
  auto health = after({answered_after(10ms),
                       {verdict::failed, false, "status 500", 200ms},
                       {verdict::failed, false, "status 500", 1us}});
  CHECK(health.latency() == 10'000);
}

TEST_CASE("a clock that was set back neither revives nor ages what was measured") {
  auto health = after({answered_after(80ms)});
  health.finish(answered_after(10ms), start - 1h);
  CHECK(health.latency() == 80'000);
  CHECK(health.expected_latency(start - 1h) == 80'000);
}

TEST_CASE("a slow upstream is expected to do better as time goes by, so that it is tried again") {
  auto health = after({answered_after(80ms)});
  CHECK(health.expected_latency(start) == 80'000);
  CHECK(health.expected_latency(start + 10s) == Approx(80'000 * std::exp(-1)));
  CHECK(health.latency() == 80'000);
}

TEST_CASE("an upstream that nobody knows is invited to one call at a time") {
  target_health health;
  CHECK(health.expected_latency(start) == 0);
  health.start(start);
  CHECK(std::isinf(health.expected_latency(start)));
  health.finish(failed, start);
  CHECK(std::isinf(health.expected_latency(start + 10s - 1ms)));
  CHECK(health.expected_latency(start + 10s) == 0);
}

} // namespace
} // namespace gateway

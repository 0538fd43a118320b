#include "domain/targets/target_health.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};
const call_outcome failed{false, "connection refused", 0us};

call_outcome answered_after(std::chrono::microseconds latency) { return {true, "", latency}; }

/// An upstream whose calls ended like this, all at `start`.
target_health after(std::initializer_list<call_outcome> outcomes) {
  target_health health;
  for (const auto& outcome : outcomes) {
    health.start();
    health.finish(outcome, start);
  }
  return health;
}

TEST_CASE("calls are in flight from their start to their end") {
  target_health health;
  health.start();
  health.start();
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

TEST_CASE("two failures in a row are no trouble, three are") {
  CHECK_FALSE(after({failed, failed}).is_troubled(start));
  CHECK(after({failed, failed, failed}).is_troubled(start));
}

TEST_CASE("one good answer ends a row of failures") {
  CHECK_FALSE(after({failed, failed, answered_after(1ms), failed}).is_troubled(start));
  auto mended = after({failed, failed, failed, answered_after(1ms)});
  CHECK_FALSE(mended.is_troubled(start));
  CHECK(mended.consecutive_failures() == 0);
  CHECK(mended.failures() == 3);
  CHECK(mended.last_error() == "connection refused");
}

TEST_CASE("trouble is over ten seconds after the last failure, and one more failure brings it back") {
  auto health = after({failed, failed, failed});
  CHECK(health.is_troubled(start + 10s - 1ms));
  CHECK_FALSE(health.is_troubled(start + 10s));
  health.finish(failed, start + 11s);
  CHECK(health.is_troubled(start + 20s));
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
  auto health = after({answered_after(10ms), {false, "status 500", 200ms}, {false, "status 500", 1us}});
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
  health.start();
  CHECK(std::isinf(health.expected_latency(start)));
  health.finish(failed, start);
  CHECK(std::isinf(health.expected_latency(start + 10s - 1ms)));
  CHECK(health.expected_latency(start + 10s) == 0);
}

} // namespace
} // namespace gateway

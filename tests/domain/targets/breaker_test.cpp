#include "domain/targets/breaker.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

breaker opened(breaker_settings settings = {}) {
  breaker it(settings);
  for (std::uint32_t i = 0; i < settings.consecutive_failures; ++i) it.finish(verdict::failed, false, start);
  return it;
}

TEST_CASE("failures in a row open a breaker, and a good answer starts the row over") {
  breaker it;
  for (int i = 0; i < 4; ++i) it.finish(verdict::failed, false, start);
  CHECK(it.state(start) == breaker_state::closed);
  it.finish(verdict::answered, false, start);
  for (int i = 0; i < 4; ++i) it.finish(verdict::failed, false, start);
  CHECK(it.admits(start));
  it.finish(verdict::failed, false, start);
  CHECK(it.state(start) == breaker_state::open);
  CHECK_FALSE(it.admits(start));
  CHECK(it.opens_in(start + 4s) == 6s);
}

TEST_CASE("a breaker lets one probe through when its time is over, and its verdict decides") {
  auto it = opened();
  CHECK_FALSE(it.admits(start + 10s - 1ms));
  REQUIRE(it.admits(start + 10s));
  CHECK(it.state(start + 10s) == breaker_state::half_open);
  CHECK(it.start(start + 10s));
  CHECK_FALSE(it.admits(start + 10s));
  SECTION("a good answer closes it") {
    it.finish(verdict::answered, true, start + 11s);
    CHECK(it.state(start + 11s) == breaker_state::closed);
    CHECK_FALSE(it.start(start + 11s));
  }
  SECTION("a rate limit too: it lives") {
    it.finish(verdict::declined, true, start + 11s);
    CHECK(it.state(start + 11s) == breaker_state::closed);
  }
  SECTION("a failure opens it for as long again") {
    it.finish(verdict::failed, true, start + 11s);
    CHECK_FALSE(it.admits(start + 21s - 1ms));
    CHECK(it.admits(start + 21s));
  }
  SECTION("a probe that was abandoned makes way for another") {
    it.finish(verdict::abandoned, true, start + 11s);
    CHECK(it.admits(start + 11s));
    CHECK(it.start(start + 11s));
  }
}

TEST_CASE("calls that were on their way when a breaker opened change nothing") {
  auto it = opened();
  it.finish(verdict::answered, false, start + 1s);
  CHECK(it.state(start + 1s) == breaker_state::open);
  it.finish(verdict::failed, false, start + 9s);
  CHECK(it.admits(start + 10s));
}

TEST_CASE("a share of failures within the window opens a breaker, once there are enough calls") {
  breaker it(breaker_settings{.consecutive_failures = 0, .error_rate = 0.5, .min_calls = 10});
  for (int i = 0; i < 4; ++i) {
    it.finish(verdict::failed, false, start);
    it.finish(verdict::answered, false, start);
  }
  it.finish(verdict::failed, false, start + 1s);
  CHECK(it.state(start + 1s) == breaker_state::closed);
  it.finish(verdict::failed, false, start + 1s);
  CHECK(it.state(start + 1s) == breaker_state::open);
}

TEST_CASE("failures that the window has left behind are forgotten") {
  breaker it(breaker_settings{.consecutive_failures = 0, .error_rate = 0.5, .min_calls = 10});
  for (int i = 0; i < 9; ++i) it.finish(verdict::failed, false, start);
  for (int i = 0; i < 9; ++i) it.finish(verdict::answered, false, start + 31s);
  it.finish(verdict::failed, false, start + 31s);
  CHECK(it.state(start + 31s) == breaker_state::closed);
}

TEST_CASE("with both rules off a breaker never opens") {
  breaker it(breaker_settings{.consecutive_failures = 0, .error_rate = 0});
  for (int i = 0; i < 1000; ++i) it.finish(verdict::failed, false, start);
  CHECK(it.admits(start));
}

TEST_CASE("a clock that is set back far does not keep a breaker open for ever") { CHECK(opened().admits(start - 1h)); }

} // namespace
} // namespace gateway

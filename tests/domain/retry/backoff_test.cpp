#include "domain/retry/backoff.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <limits>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

using milliseconds = std::chrono::milliseconds;

retry_settings settings(milliseconds base, milliseconds longest) {
  retry_settings made;
  made.base_delay = base;
  made.max_delay = longest;
  return made;
}

milliseconds longest_of(const retry_settings& how, std::uint32_t failures) {
  std::mt19937_64 random(7);
  milliseconds longest{0};
  for (int i = 0; i < 20'000; ++i) {
    const auto delay = backoff(how, failures, random);
    REQUIRE(delay >= 0ms);
    longest = std::max(longest, delay);
  }
  return longest;
}

} // namespace

TEST_CASE("each failure doubles the longest backoff, up to the limit") {
  const auto how = settings(10ms, 100ms);
  CHECK(longest_of(how, 1) == 10ms);
  CHECK(longest_of(how, 2) == 20ms);
  CHECK(longest_of(how, 3) == 40ms);
  CHECK(longest_of(how, 4) == 80ms);
  CHECK(longest_of(how, 5) == 100ms);
  CHECK(longest_of(how, 6) == 100ms);
}

TEST_CASE("a backoff is anything between nothing and its limit, all alike") {
  std::mt19937_64 random(7);
  std::array<int, 11> seen{};
  for (int i = 0; i < 11'000; ++i) {
    ++seen.at(static_cast<std::size_t>(backoff(settings(10ms, 1s), 1, random).count()));
  }
  for (const auto count : seen) CHECK((count > 800 && count < 1200));
}

TEST_CASE("no number of failures is too large for a backoff") {
  for (const std::uint32_t failures : {62u, 63u, 64u, 65u, 1000u, std::numeric_limits<std::uint32_t>::max()}) {
    CHECK(longest_of(settings(1ms, 50ms), failures) == 50ms);
    std::mt19937_64 random(7);
    CHECK(backoff(settings(milliseconds::max(), milliseconds::max()), failures, random) >= 0ms);
    CHECK(backoff(settings(1ms, milliseconds::max()), failures, random) >= 0ms);
  }
}

TEST_CASE("a backoff that was never needed is the first") { CHECK(longest_of(settings(10ms, 100ms), 0) == 10ms); }

TEST_CASE("without a delay there is no backoff") {
  for (const std::uint32_t failures : {1u, 2u, 100u}) {
    CHECK(longest_of(settings(0ms, 100ms), failures) == 0ms);
    CHECK(longest_of(settings(10ms, 0ms), failures) == 0ms);
    CHECK(longest_of(settings(-5ms, 100ms), failures) == 0ms);
    CHECK(longest_of(settings(10ms, -5ms), failures) == 0ms);
  }
}

TEST_CASE("backoffs of one seed are the same") {
  std::mt19937_64 one(3);
  std::mt19937_64 other(3);
  for (std::uint32_t i = 1; i < 20; ++i) CHECK(backoff({}, i, one) == backoff({}, i, other));
}

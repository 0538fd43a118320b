#include "domain/quota/minute_window.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <random>

using namespace gateway;

namespace {

constexpr steady_second start = 1'763'899'200;

minute_window window_at(steady_second now) {
  minute_window window;
  window.slide(now);
  return window;
}

} // namespace

TEST_CASE("what was taken is counted in its second and the sixty after it") {
  auto window = window_at(start);
  window.take(5);
  window.slide(start + 60);
  CHECK(window.taken() == 5);
  CHECK_FALSE(window.fits(6, 10));
  CHECK(window.fits(5, 10));
  window.slide(start + 61);
  CHECK(window.taken() == 0);
}

TEST_CASE("it is known in which second what was asked will fit, and in which all is there again") {
  auto window = window_at(start);
  window.take(4);
  window.slide(start + 10);
  window.take(3);
  window.slide(start + 30);
  window.take(3);
  CHECK(window.fits_at(1, 11) == start + 30);
  CHECK(window.fits_at(1, 10) == start + 61);
  CHECK(window.fits_at(4, 10) == start + 61);
  CHECK(window.fits_at(5, 10) == start + 71);
  CHECK(window.fits_at(8, 10) == start + 91);
  CHECK(window.empty_at() == start + 91);
  CHECK(window.fits_at(11, 10) == start + 91);
  CHECK(window_at(start).empty_at() == start);
}

TEST_CASE("what is given back is taken out of its own second, and no more than is counted there") {
  auto window = window_at(start);
  window.take(4);
  window.slide(start + 10);
  window.take(3);
  window.give_back(1, start);
  CHECK(window.taken() == 6);
  window.give_back(100, start + 10);
  CHECK(window.taken() == 3);
  CHECK(window.empty_at() == start + 61);
  window.slide(start + 61);
  window.give_back(3, start);
  window.give_back(3, start + 62);
  CHECK(window.taken() == 0);
}

TEST_CASE("a minute's limit holds the largest numbers") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  auto window = window_at(start);
  CHECK(window.fits(most, most));
  window.take(most);
  CHECK_FALSE(window.fits(1, most));
  window.slide(start + 1'000'000);
  CHECK(window.fits(most, most));
}

TEST_CASE("however time passes, the window counts what a list of the takings counts") {
  std::mt19937 random{1};
  auto now = start;
  auto window = window_at(now);
  std::map<steady_second, std::uint64_t> model;
  for (int step = 0; step < 20'000; ++step) {
    now += random() % 20 == 0 ? random() % 100 : random() % 2;
    window.slide(now);
    if (random() % 3 == 0) {
      const auto when = now - random() % 65;
      const auto amount = random() % 10;
      window.give_back(amount, when);
      auto& there = model[when];
      there -= std::min<std::uint64_t>(there, amount);
    } else {
      const auto amount = random() % 20;
      window.take(amount);
      model[now] += amount;
    }
    std::uint64_t expected = 0;
    for (auto at = model.upper_bound(now - minute_window::span); at != model.end(); ++at) expected += at->second;
    REQUIRE(window.taken() == expected);
    const auto need = 1 + random() % 50;
    const auto limit = need + random() % 200;
    const auto fits_at = window.fits_at(need, limit);
    auto later = window;
    if (fits_at > now) {
      later.slide(fits_at - 1);
      REQUIRE_FALSE(later.fits(need, limit));
    }
    later.slide(fits_at);
    REQUIRE(later.fits(need, limit));
  }
}

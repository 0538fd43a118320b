#include "domain/quota/steady_time.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h;

} // namespace

TEST_CASE("steady time follows the wall clock forward, however far") {
  steady_time time;
  CHECK(time.at(noon) == noon);
  CHECK(time.at(noon + 1ms) == noon + 1ms);
  CHECK(time.at(noon + 1000h) == noon + 1000h);
  CHECK(time.ahead() == 0ms);
}

TEST_CASE("what is up to a minute late counts as of now") {
  steady_time time;
  time.at(noon);
  CHECK(time.at(noon - 60s) == noon);
  CHECK(time.at(noon - 1ms) == noon);
  CHECK(time.at(noon + 1s) == noon + 1s);
  CHECK(time.ahead() == 0ms);
}

TEST_CASE("when the wall clock jumps back, steady time goes on from where it was") {
  steady_time time;
  time.at(noon);
  CHECK(time.at(noon - 24h) == noon);
  CHECK(time.at(noon - 24h + 5s) == noon + 5s);
  CHECK(time.ahead() == 24h);
  CHECK(time.at(noon - 48h) == noon + 5s);
  CHECK(time.at(noon - 48h + 1s) == noon + 6s);
  CHECK(time.at(noon - 47h) == noon + 1h + 5s);
}

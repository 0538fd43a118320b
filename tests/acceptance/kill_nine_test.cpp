#include "tests/acceptance/kill_nine_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace gateway {
namespace {

std::size_t rounds() {
  const char* text = std::getenv("KILL_ROUNDS"); // NOLINT(concurrency-mt-unsafe): nobody sets it.
  return text == nullptr ? 6 : std::stoul(text);
}

TEST_CASE("kill -9 at a random moment under load costs no record and no balance", "[acceptance]") {
  const std::string durability = GENERATE("grouped", "strict");
  kill_nine_fixture it(durability);
  const auto count = (rounds() + 1) / 2; // Half of them with each.
  for (std::size_t number = 1; number <= count; ++number) {
    INFO("round " << number << ", " << durability);
    it.round(number);
  }
  it.finish();
  std::cout << it.sums().table(durability);
  CHECK(it.sums().whole > count);
  CHECK(it.sums().lost == 0);
  CHECK(it.sums().forfeited_after == 0);
  CHECK(it.sums().overspent == 0);
  if (durability == "strict") CHECK(it.sums().unrecorded == 0);
}

} // namespace
} // namespace gateway

#include "domain/retry/retry_budget.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

const timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 12h;

void deposit(retry_budget& budget, int calls, timestamp now) {
  for (int i = 0; i < calls; ++i) budget.deposit(now);
}

int withdrawn(retry_budget& budget, timestamp now) {
  int count = 0;
  while (count < 100'000 && budget.withdraw(now)) ++count;
  return count;
}

} // namespace

TEST_CASE("a budget allows its share of repeats") {
  retry_budget budget(0.2, 0);
  CHECK_FALSE(budget.withdraw(noon));
  deposit(budget, 100, noon);
  CHECK(withdrawn(budget, noon) == 20);
  deposit(budget, 5, noon + 1s);
  CHECK(withdrawn(budget, noon + 1s) == 1);
  CHECK_FALSE(budget.withdraw(noon + 1s));
}

TEST_CASE("a started part of a repeat is a whole one") {
  retry_budget budget(0.2, 0);
  budget.deposit(noon);
  CHECK(withdrawn(budget, noon) == 1);
}

TEST_CASE("a budget allows its least without any calls") {
  retry_budget budget(0, 2);
  CHECK(withdrawn(budget, noon) == 20);
  CHECK(withdrawn(budget, noon + 9s) == 0);
  CHECK(withdrawn(budget, noon + 10s) == 20);
}

TEST_CASE("a budget adds its least to its share") {
  retry_budget budget(0.5, 1);
  deposit(budget, 10, noon);
  CHECK(withdrawn(budget, noon) == 15);
}

TEST_CASE("calls count for ten seconds") {
  retry_budget budget(1, 0);
  for (int second = 0; second < 10; ++second) deposit(budget, 10, noon + second * 1s);
  CHECK(withdrawn(budget, noon + 9999ms) == 100);
  // Second by second first calls leave the window; their repeats stay in it until they are ten seconds old.
  CHECK(withdrawn(budget, noon + 10s) == 0);
  deposit(budget, 200, noon + 11s);
  CHECK(withdrawn(budget, noon + 11s) == 180);
  CHECK(withdrawn(budget, noon + 19s) == 20);
  CHECK(withdrawn(budget, noon + 21s) == 0);
}

TEST_CASE("first calls that are too old allow nothing") {
  retry_budget budget(1, 0);
  deposit(budget, 10, noon);
  CHECK(budget.withdraw(noon + 9999ms));
  CHECK_FALSE(budget.withdraw(noon + 10s));
  CHECK_FALSE(budget.withdraw(noon + 100 * 24h));
}

TEST_CASE("a clock that goes back a little changes nothing") {
  retry_budget budget(1, 0);
  deposit(budget, 3, noon);
  CHECK(budget.withdraw(noon - 1s));
  CHECK(budget.withdraw(noon - 9s));
  budget.deposit(noon - 5s);
  CHECK(withdrawn(budget, noon) == 2);
  // What came meanwhile is as old as the youngest.
  CHECK_FALSE(budget.withdraw(noon + 9s));
}

TEST_CASE("a clock that goes back far starts a new window") {
  retry_budget budget(0, 1);
  CHECK(withdrawn(budget, noon + 1h) == 10);
  CHECK(withdrawn(budget, noon) == 10);
  CHECK(withdrawn(budget, noon + 5s) == 0);
  CHECK(withdrawn(budget, noon + 10s) == 10);
}

TEST_CASE("a budget works before 1970") {
  const timestamp early{-12'345ms};
  retry_budget budget(0, 1);
  CHECK(withdrawn(budget, early) == 10);
  CHECK(withdrawn(budget, early + 9s) == 0);
  CHECK(withdrawn(budget, early + 11s) == 10);
}

#include "domain/quota/leased_limit.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace gateway;
using namespace std::chrono_literals;
using verdict = leased_limit::verdict;

namespace {

constexpr timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h;

leased_limit make_limit(std::uint64_t limit, std::uint64_t granted, std::uint64_t granted_in_all) {
  leased_limit made;
  made.set_limit(limit);
  made.absorb(granted, granted_in_all);
  return made;
}

} // namespace

TEST_CASE("a limit decides nothing before the ledger has been heard") {
  leased_limit limit;
  limit.set_limit(10);
  CHECK(limit.check(1, noon) == verdict::short_of_lease);
  limit.absorb(10, 10);
  CHECK(limit.check(10, noon) == verdict::fits);
  CHECK(limit.check(11, noon) == verdict::refused);
}

TEST_CASE("slices double while they run out fast, halve while they last, and shrink to what is needed near the limit") {
  auto limit = make_limit(8000, 0, 0);
  CHECK(limit.wish(10, noon) == 80);
  CHECK(limit.wish(10, noon + 1s) == 160);
  CHECK(limit.wish(10, noon + 5s) == 160);
  CHECK(limit.wish(10, noon + 65s) == 80);
  for (int i = 0; i < 10; ++i) limit.wish(10, noon + 65s);
  CHECK(limit.wish(10, noon + 65s) == 1000);

  limit.absorb(7840, 7840);
  CHECK(limit.wish(1, noon + 66s) == 20);
  limit.hold(7840);
  CHECK(limit.wish(100, noon + 66s) == 100);
  limit.absorb(155, 7995);
  limit.hold(155);
  CHECK(limit.wish(1, noon + 66s) == 1);
}

TEST_CASE("a request beyond the whole limit asks the ledger only where the limit stands") {
  leased_limit limit;
  limit.set_limit(10);
  CHECK(limit.wish(11, noon) == 0);
  limit.absorb(0, 4);
  CHECK(limit.check(11, noon) == verdict::refused);
  CHECK(limit.used() == 4);
}

TEST_CASE("what others were granted counts as used, and whether they gave it back is asked once a second") {
  auto limit = make_limit(100, 0, 100);
  CHECK(limit.check(5, noon) == verdict::short_of_lease);
  CHECK(limit.wish(5, noon) == 5);
  limit.absorb(0, 100);
  CHECK(limit.check(5, noon) == verdict::refused);
  CHECK(limit.check(5, noon + 999ms) == verdict::refused);
  CHECK(limit.check(5, noon + 1s) == verdict::short_of_lease);
  CHECK(limit.wish(5, noon + 1s) == 5);
  limit.absorb(5, 65);
  CHECK(limit.check(5, noon + 1s) == verdict::fits);
  CHECK(limit.used() == 60);
}

TEST_CASE("a limit exhausted by its own shard is refused without asking") {
  auto limit = make_limit(100, 100, 100);
  limit.hold(100);
  CHECK(limit.check(1, noon + 1h) == verdict::refused);
}

TEST_CASE("a surplus is paid from the lease, owed up to the limit, and dropped beyond it") {
  auto limit = make_limit(100, 50, 50);
  limit.hold(20);
  limit.hold(20);
  CHECK(limit.settle(20, 25) == 0);
  CHECK(limit.used() == 25);
  CHECK(limit.settle(20, 200) == 50);
  CHECK(limit.used() == 100);
  CHECK(limit.held() == 0);
  CHECK(limit.take_unspent() == 0);
  limit.absorb(50, 100);
  CHECK(limit.used() == 100);
  CHECK(limit.take_unspent() == 0);
}

TEST_CASE("what is owed is paid first from what comes free") {
  auto limit = make_limit(100, 30, 30);
  limit.hold(10);
  limit.hold(20);
  CHECK(limit.settle(10, 15) == 5);
  limit.release(20);
  CHECK(limit.used() == 15);
  CHECK(limit.take_unspent() == 15);
}

TEST_CASE("a lowered limit counts at once, and giving back keeps what is used and held") {
  auto limit = make_limit(100, 80, 80);
  limit.hold(30);
  limit.settle(30, 30);
  limit.hold(10);
  limit.set_limit(45);
  CHECK(limit.check(5, noon) == verdict::fits);
  CHECK(limit.check(6, noon) == verdict::refused);
  CHECK(limit.take_unspent() == 40);
  CHECK(limit.used() == 30);
  CHECK(limit.held() == 10);
}

TEST_CASE("limits near the end of the number range do not wrap") {
  constexpr auto huge = ~std::uint64_t{0};
  auto limit = make_limit(huge, 10, 10);
  CHECK(limit.check(huge, noon) == verdict::short_of_lease);
  CHECK(limit.wish(huge, noon) == huge - 10);
  limit.hold(1);
  CHECK(limit.check(huge, noon) == verdict::refused);
  CHECK(limit.settle(1, huge) == huge - 10);
  CHECK(limit.used() == huge);
}

#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/quota_world.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <variant>

using namespace gateway;

namespace {

constexpr std::uint64_t seeds = 150;
constexpr int steps = 400;

void check_balances(test::world& world, const principal_ptr& who) {
  const auto shown = world.balances_at(0, who);
  const auto steady = world.steady();
  std::size_t next = 0;
  for (const auto& part : world.count.parts_of(*who, world.now()))
    for (std::size_t kind = 0; kind < limit_kinds; ++kind) {
      if (part.limits[kind] == no_limit) continue;
      CAPTURE(kind);
      REQUIRE(next < shown.size());
      const auto& balance = shown[next++];
      REQUIRE(balance.kind == static_cast<limit_kind>(kind));
      REQUIRE(balance.scope == part.account.first);
      REQUIRE(balance.limit == part.limits[kind]);
      REQUIRE(balance.used + balance.held == world.count.taken_of(0, part, kind, steady));
      if (kind < leased_kinds) REQUIRE(balance.held == world.count.counter_of(part, kind).held);
    }
  REQUIRE(next == shown.size());
}

// Of each shard: those of a minute and of concurrency. A lowered limit may be passed by what was taken before.
void check_minutes(test::world& world, std::size_t at, const principal_ptr& who) {
  const auto steady = world.steady();
  for (const auto& part : world.count.parts_of(*who, world.now())) {
    const auto local = world.count.locals().at({at, part.account});
    for (auto kind : {test::requests_by_minute, test::tokens_by_minute})
      REQUIRE(local.in_sixty_seconds(kind, steady) <= part.limits[kind]);
    REQUIRE(local.running <= part.limits[test::concurrent]);
  }
}

} // namespace

TEST_CASE("a book that has the ledger to itself decides as one that simply counts, and shows the same balances") {
  int holds = 0;
  int refusals = 0;
  int extended = 0;
  int not_extended = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    test::world world{seed, 1};
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      world.pass_time();
      if (world.one_in(50)) world.change_limits(world.any_key_number());
      if (world.one_in(100)) world.restart(0, true);
      if (world.one_in(20)) world.end_an_orphan();
      if (world.one_in(30)) world.give_idle_back(0);
      if (world.one_in(2)) world.end_one(true);
      if (auto* hold = world.any_hold(); hold != nullptr && world.one_in(4)) {
        const auto more = world.any_amount(300);
        const auto fits = world.would_grow(*hold, more);
        REQUIRE(world.extend(*hold, more) == fits);
        ++(fits ? extended : not_extended);
      }
      const auto who = world.any_key();
      const auto wanted = world.any_amount(800);
      const auto fits = world.would_fit(0, who, wanted);
      const auto decision = world.reserve(0, who, wanted);
      REQUIRE(std::holds_alternative<quota_hold>(decision) == fits);
      if (fits) check_minutes(world, 0, who);
      ++(fits ? holds : refusals);
      for (const auto& key : world.keys()) check_balances(world, key);
    }
    world.release_all();
    for (const auto& [id, counted] : world.count.counters()) CHECK(world.granted(id) == counted.used);
  }
  for (auto happened : {holds, refusals, extended, not_extended}) CHECK(happened > 500);
}

TEST_CASE("shards that share a ledger never exceed a limit together, whatever crashes") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    test::world world{seed, 3};
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      world.pass_time();
      const auto at = world.any_shard();
      if (world.one_in(100)) world.change_limits(world.any_key_number());
      if (world.one_in(60)) world.restart(at, world.one_in(2));
      if (world.one_in(60)) world.give_back(at);
      if (world.one_in(30)) world.give_idle_back(at);
      if (world.one_in(60)) world.lose_an_answer(at, world.any_key(), world.any_amount(400));
      if (world.one_in(20)) world.end_an_orphan();
      if (world.one_in(2)) world.end_one(true);
      if (auto* hold = world.any_hold(); hold != nullptr && world.one_in(4)) world.extend(*hold, world.any_amount(300));
      const auto who = world.any_key();
      const auto decision = world.reserve(at, who, world.any_amount(400));
      if (std::holds_alternative<quota_hold>(decision)) check_minutes(world, at, who);
      for (const auto& [id, counted] : world.count.counters()) {
        if (world.granted(id) > counted.highest) FAIL("the ledger was brought to grant more than the limit");
        if (counted.used + counted.held > world.granted(id)) FAIL("more is spent than was granted");
      }
    }
    world.release_all();
  }
}

TEST_CASE("when every hold has ended and every lease is given back, the ledger knows exactly what was used") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    test::world world{seed, 3};
    for (int step = 0; step < steps; ++step) {
      world.pass_time();
      if (world.one_in(100)) world.restart(world.any_shard(), true);
      if (world.one_in(30)) world.give_idle_back(world.any_shard());
      if (world.one_in(2)) world.end_one(false);
      if (auto* hold = world.any_hold(); hold != nullptr && world.one_in(4)) world.extend(*hold, world.any_amount(300));
      world.reserve(world.any_shard(), world.any_key(), world.any_amount(400));
    }
    world.release_all();
    for (const auto& [id, counted] : world.count.counters()) CHECK(world.granted(id) == counted.used);
  }
}

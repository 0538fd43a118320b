#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/quota_world.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <variant>

using namespace gateway;
using test::count;

namespace {

constexpr std::uint64_t seeds = 60;
constexpr int steps = 600;

void check_balance(const count& counted, const limit_balances& balances) {
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) {
    REQUIRE(balances[kind].used == counted.used[kind]);
    REQUIRE(balances[kind].held == counted.held[kind]);
    REQUIRE(balances[kind].limit == counted.limit[kind]);
  }
}

} // namespace

TEST_CASE("a book that has the ledger to itself decides as one that simply counts, and shows the same balances") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    test::world world{seed, 1};
    int holds = 0;
    int refusals = 0;
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      world.pass_time();
      world.expire();
      auto& who = world.any_key();
      auto tokens = world.below(800);
      if (world.one_in(50)) world.change_limits(who);
      if (world.one_in(100)) world.restart(0, true);
      if (world.one_in(20)) world.end_an_orphan();
      if (world.one_in(2)) world.end_one(true);
      auto before = world.count_of(who);
      auto fits = before.used[0] + before.held[0] + 1 <= before.limit[0] &&
                  before.used[1] + before.held[1] + tokens <= before.limit[1];
      auto decision = world.reserve(0, who, tokens);
      REQUIRE(std::holds_alternative<quota_hold>(decision) == fits);
      ++(fits ? holds : refusals);
      for (const auto& key : world.keys()) {
        auto& counted = world.count_of(key);
        check_balance(counted, world.balances_at(0, key));
      }
    }
    CHECK(holds > steps / 40);
    CHECK(refusals > steps / 40);
    world.release_all();
    world.for_each_count(
        [](const count& counted, std::size_t kind, std::uint64_t granted) { CHECK(granted == counted.used[kind]); });
  }
}

TEST_CASE("shards that share a ledger never exceed a limit together, whatever crashes") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    test::world world{seed, 3};
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      world.pass_time();
      world.expire();
      auto& who = world.any_key();
      auto at = world.any_shard();
      auto tokens = world.below(400);
      if (world.one_in(100)) world.change_limits(who);
      if (world.one_in(60)) world.restart(at, world.one_in(2));
      if (world.one_in(60)) world.give_back(at);
      if (world.one_in(60)) world.lose_an_answer(at, who, tokens);
      if (world.one_in(20)) world.end_an_orphan();
      if (world.one_in(2)) world.end_one(true);
      auto before = world.balances_at(at, who);
      auto decision = world.reserve(at, who, tokens);
      auto after = world.balances_at(at, who);
      auto held = std::holds_alternative<quota_hold>(decision);
      REQUIRE(after[0].held == before[0].held + (held ? 1 : 0));
      REQUIRE(after[1].held == before[1].held + (held ? tokens : 0));
      if (held) REQUIRE(after[1].used + after[1].held <= who.quota.tokens);
      world.count_of(who);
      world.for_each_count([](const count& counted, std::size_t kind, std::uint64_t granted) {
        if (granted > counted.highest[kind]) FAIL("the ledger was brought to grant more than the limit");
        if (counted.used[kind] + counted.held[kind] > granted) FAIL("more is spent than was granted");
      });
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
      world.expire();
      if (world.one_in(100)) world.restart(world.any_shard(), true);
      if (world.one_in(2)) world.end_one(false);
      world.reserve(world.any_shard(), world.any_key(), world.below(400));
    }
    CHECK(world.surplus() == 0);
    world.release_all();
    world.for_each_count(
        [](const count& counted, std::size_t kind, std::uint64_t granted) { CHECK(granted == counted.used[kind]); });
  }
}

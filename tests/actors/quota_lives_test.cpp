#include "actors/ledger.hpp"
#include "actors/quota.hpp"
#include "tests/actors/fakes/ledger.hpp"
#include "tests/actors/quota_fixture.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;
using test::is_held;
using test::make_caller;
using test::noon;
using test::was_refused;

namespace {

/// A shard with a real ledger in memory, which outlives it.
struct lasting_quota : test::quota_fixture {
  lasting_quota() { start_ledger(); }

  void start_ledger() { meet(keep(system.spawn(ledger, store))); }

  /// Takes holds of so many tokens until the limit refuses.
  std::vector<hold_id> exhaust(const principal_ptr& who, std::uint64_t tokens) {
    std::vector<hold_id> holds;
    for (auto answer = reserve(who, tokens); answer.hold != 0; answer = reserve(who, tokens))
      holds.push_back(answer.hold);
    return holds;
  }

  std::shared_ptr<ledger_store> store = make_memory_ledger_store();
};

} // namespace

TEST_CASE_METHOD(lasting_quota, "the limit is reached to the last request, and the refusal says so") {
  auto who = make_caller("k", 100, 1'000'000);
  CHECK(exhaust(who, 10).size() == 100);
  auto refused = reserve(who, 10).refused;
  REQUIRE(refused.has_value());
  CHECK(refused->balance.kind == limit_kind::daily_requests);
  CHECK(refused->balance.remaining() == 0);
  CHECK(refused->balance.resets_at == noon + 12h);
}

TEST_CASE_METHOD(lasting_quota, "a shard killed again and again never lets more through than the limit") {
  auto who = make_caller("k", 500, 100'000);
  std::size_t let_through = 0;
  for (int life = 0; life < 10; ++life) {
    for (int i = 0; i < 20; ++i)
      if (reserve(who, 100).hold != 0) ++let_through;
    auto before = balances(who);
    kill(shard);
    start_shard();
    auto after = balances(who);
    CHECK(after[0].used >= before[0].used + before[0].held);
    CHECK(after[1].used >= before[1].used + before[1].held);
    CHECK(after[1].used <= 100'000);
    CHECK(after[0].held == 0);
  }
  let_through += exhaust(who, 100).size();
  CHECK(let_through <= 500);
  CHECK(let_through > 250);
}

TEST_CASE_METHOD(lasting_quota, "holds from before a shard died neither come back nor count twice when they end") {
  auto who = make_caller("k", 500, 100'000);
  std::vector<hold_id> orphans;
  orphans.reserve(10);
  for (int i = 0; i < 10; ++i) orphans.push_back(reserve(who, 100).hold);
  kill(shard);
  start_shard();
  for (int i = 0; i < 10; ++i) reserve(who, 100);
  auto before = balances(who);
  for (std::size_t i = 0; i < 5; ++i) settle(orphans[i], 50);
  for (std::size_t i = 5; i < 10; ++i) release(orphans[i]);
  auto after = balances(who);
  for (std::size_t kind = 0; kind < 2; ++kind) {
    CHECK(after[kind].used == before[kind].used);
    CHECK(after[kind].held == before[kind].held);
  }
}

TEST_CASE_METHOD(lasting_quota, "after a drain the next life goes on exactly where the last one was") {
  auto who = make_caller("k", 100, 10'000);
  for (int i = 0; i < 7; ++i) settle(reserve(who, 100).hold, 60);
  release(reserve(who, 500).hold);
  REQUIRE(drain().has_value());
  kill(shard);
  start_shard();
  CHECK(balances(who)[0].used == 7);
  CHECK(balances(who)[1].used == 420);
  CHECK(exhaust(who, 1).size() == 93);
}

TEST_CASE_METHOD(lasting_quota, "a drained shard reserves nothing, and still settles") {
  auto who = make_caller("k", 100, 10'000);
  auto hold = reserve(who, 100).hold;
  REQUIRE(drain().has_value());
  CHECK(was_refused(begin_reserve(who, 1), ec::dependency_unavailable));
  settle(hold, 40);
  CHECK(balances(who)[1].used == 40);
  REQUIRE(drain().has_value());
  kill(shard);
  start_shard();
  CHECK(balances(who)[0].used == 1);
  CHECK(balances(who)[1].used == 40);
}

TEST_CASE_METHOD(lasting_quota, "a ledger that is restarted knows what it granted before") {
  auto who = make_caller("k", 10, 10'000);
  CHECK(reserve(who, 1).hold != 0);
  start_ledger();
  CHECK(exhaust(who, 1).size() == 9);
}

TEST_CASE_METHOD(lasting_quota, "two shards that spend from the same key never exceed its limit together") {
  auto who = make_caller("k", 1000, 1'000'000);
  std::size_t let_through = 0;
  auto one = shard;
  start_shard();
  auto other = shard;
  for (int i = 0; i < 1500; ++i) {
    shard = i % 3 == 0 ? one : other;
    if (reserve(who, 10).hold != 0) ++let_through;
  }
  CHECK(let_through <= 1000);
  CHECK(let_through > 900);
}

TEST_CASE_METHOD(test::quota_fixture,
                 "a drain waits for leases under way, answers those who wait for them, and returns the rest") {
  auto script = std::make_shared<test::ledger_script>();
  script->takes_returns = true;
  meet(keep(system.spawn(test::fake_ledger, script)));
  auto who = make_caller("k", 80, 8000);
  auto waiting = begin_reserve(who, 10);
  auto draining = test::begin_ask<void>(*this, shard, drain_atom::value);
  run();
  CHECK_FALSE(draining->has_value());
  script->answer({{script->next().wishes[0].entry, 8, 8}, {script->next().wishes[1].entry, 80, 80}});
  run();
  CHECK(is_held(waiting));
  CHECK(test::went_well(draining));
  REQUIRE(script->returned.size() == 2);
  CHECK(script->returned[0].unspent == 7);
  CHECK(script->returned[1].unspent == 70);
}

TEST_CASE_METHOD(test::quota_fixture,
                 "a drain whose leases the ledger does not take says so, and does not offer them twice") {
  auto script = std::make_shared<test::ledger_script>();
  script->refuses_returns = true;
  meet(keep(system.spawn(test::fake_ledger, script)));
  auto waiting = begin_reserve(make_caller("k", 80, 8000), 10);
  script->grant();
  run();
  auto drained = drain();
  REQUIRE_FALSE(drained.has_value());
  CHECK(drained.error().code == ec::dependency_unavailable);
  CHECK(drain().has_value());
}

TEST_CASE_METHOD(test::quota_fixture,
                 "a shard that never leased anything is drained at once, with or without a ledger") {
  CHECK(drain().has_value());
  meet(keep(system.spawn(test::fake_ledger, std::make_shared<test::ledger_script>())));
  CHECK(drain().has_value());
}

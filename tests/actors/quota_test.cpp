#include "actors/quota.hpp"

#include "tests/actors/fakes/ledger.hpp"
#include "tests/actors/quota_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;
using test::is_held;
using test::is_over_limit;
using test::make_caller;
using test::noon;
using test::was_refused;

namespace {

/// A shard whose ledger does what the test says.
struct scripted_quota : test::quota_fixture {
  scripted_quota() {
    ledger = start_ledger();
    meet(ledger);
  }

  ledger_actor start_ledger() { return keep(system.spawn(test::fake_ledger, script)); }
  void grant(std::uint64_t each = ~std::uint64_t{0}) {
    script->grant(each);
    run();
  }

  std::shared_ptr<test::ledger_script> script = std::make_shared<test::ledger_script>();
  ledger_actor ledger;
};

} // namespace

TEST_CASE_METHOD(test::quota_fixture, "a shard that knows no ledger yet asks the caller to come back in a second") {
  auto who = make_caller("k", 10, 1000);
  auto refused = ask<reservation>(shard, reserve_atom::value, who, quota_amount{5, 0}, noon);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ec::dependency_unavailable);
  CHECK(refused.error().retry_after == 1s);
  CHECK(ask<limit_balances>(shard, balance_atom::value, who, noon).error().code == ec::dependency_unavailable);
  CHECK(ask<void>(shard, ping_atom::value).error().code == ec::dependency_unavailable);
}

TEST_CASE_METHOD(scripted_quota, "the first reservation waits for a lease, the next ones spend from it") {
  auto who = make_caller("k", 80, 8000);
  auto first = begin_reserve(who, 10);
  CHECK_FALSE(first->has_value());
  CHECK(script->next().owner == "quota 0");
  CHECK(script->next().wishes.size() == 2);
  grant();
  CHECK(is_held(first));
  auto second = reserve(who, 10);
  CHECK(second.hold != 0);
  CHECK(second.requests.value().held == 2);
  CHECK(second.tokens.value().held == 20);
  CHECK(script->asked == 1);
}

TEST_CASE_METHOD(scripted_quota, "who waits for the same lease is answered in the order of asking") {
  auto who = make_caller("k", 3, 1000);
  std::vector<test::pending_answer<reservation>> asked;
  asked.reserve(5);
  for (int i = 0; i < 5; ++i) asked.push_back(begin_reserve(who, 10));
  CHECK(script->open.size() == 1);
  script->answer({{script->next().wishes[0].entry, 3, 3}, {script->next().wishes[1].entry, 1000, 1000}});
  run();
  for (std::size_t i = 0; i < 5; ++i) CHECK((i < 3 ? is_held(asked[i]) : is_over_limit(asked[i])));
  for (std::size_t i = 1; i < 3; ++i) CHECK((*asked[i])->value().hold > (*asked[i - 1])->value().hold);
  CHECK(script->asked == 1);
}

TEST_CASE_METHOD(scripted_quota, "a small request does not overtake a large one that waits for its lease") {
  auto who = make_caller("k", 1000, 1000);
  auto small = begin_reserve(who, 10);
  grant();
  REQUIRE(is_held(small));
  auto large = begin_reserve(who, 900);
  auto next_small = begin_reserve(who, 10);
  CHECK_FALSE(large->has_value());
  CHECK_FALSE(next_small->has_value());
  script->answer({{script->next().wishes[0].entry, 910, 990}});
  run();
  CHECK(is_held(large));
  CHECK(is_held(next_small));
  CHECK((*large)->value().hold < (*next_small)->value().hold);
}

TEST_CASE_METHOD(scripted_quota, "one tenant's wait for the ledger holds up no other tenant") {
  auto slow = begin_reserve(make_caller("k", 10, 1000, "slow"), 10);
  auto quick = begin_reserve(make_caller("k2", 10, 1000, "quick"), 10);
  REQUIRE(script->open.size() == 2);
  std::swap(script->open[0], script->open[1]);
  grant();
  CHECK(is_held(quick));
  CHECK_FALSE(slow->has_value());
}

TEST_CASE_METHOD(scripted_quota, "when the ledger dies nobody hangs, and with a new one the shard goes on") {
  auto who = make_caller("k", 10, 1000);
  auto first = begin_reserve(who, 10);
  auto second = begin_reserve(who, 10);
  auto balance = test::begin_ask<limit_balances>(*this, shard, balance_atom::value, who, noon);
  kill(ledger);
  // The ask was taken in before the ledger died, so only its deadline tells.
  advance(5s);
  CHECK(was_refused(first, ec::dependency_unavailable));
  CHECK(was_refused(second, ec::dependency_unavailable));
  CHECK(was_refused(balance, ec::dependency_unavailable));
  CHECK((*first)->error().retry_after == 1s);

  CHECK(was_refused(begin_reserve(who, 10), ec::dependency_unavailable));
  script->open.clear();
  meet(start_ledger());
  auto third = begin_reserve(who, 10);
  grant();
  CHECK(is_held(third));
  CHECK(ask<void>(shard, ping_atom::value).has_value());
}

TEST_CASE_METHOD(scripted_quota, "while the ledger fails, what is leased already is still spent") {
  auto who = make_caller("k", 80, 8000);
  auto first = begin_reserve(who, 10);
  grant();
  REQUIRE(is_held(first));
  auto large = begin_reserve(who, 5000);
  auto small = begin_reserve(who, 10);
  script->refuse();
  run();
  CHECK(was_refused(large, ec::dependency_unavailable));
  CHECK(is_held(small));
  CHECK(reserve(who, 10).hold != 0);
}

TEST_CASE_METHOD(scripted_quota,
                 "a ledger that does not answer within its time fails the ask, and its late grant counts as spent") {
  auto who = make_caller("k", 10, 1000);
  auto late = begin_reserve(who, 1000);
  advance(4999ms);
  CHECK_FALSE(late->has_value());
  advance(1ms);
  CHECK(was_refused(late, ec::dependency_unavailable));
  grant();
  auto next = begin_reserve(who, 1);
  script->answer({{script->next().wishes[0].entry, 1, 2}, {script->next().wishes[1].entry, 0, 1000}});
  run();
  CHECK(is_over_limit(next));
}

TEST_CASE_METHOD(scripted_quota, "a ledger that breaks its word and grants nothing is not asked for ever") {
  auto asked = begin_reserve(make_caller("k", 10, 1000), 10);
  for (int i = 0; i < 10 && !script->open.empty(); ++i) grant(0);
  CHECK(was_refused(asked, ec::dependency_unavailable));
  CHECK(script->open.empty());
}

TEST_CASE_METHOD(scripted_quota, "balances of a key that nobody used today are asked of the ledger, once") {
  auto who = make_caller("k", 10, 1000);
  auto asked = test::begin_ask<limit_balances>(*this, shard, balance_atom::value, who, noon);
  run();
  CHECK(script->next().wishes[0].wanted == 0);
  script->answer({{script->next().wishes[0].entry, 0, 4}, {script->next().wishes[1].entry, 0, 400}});
  run();
  REQUIRE(test::went_well(asked));
  CHECK((*asked)->value()[0].used == 4);
  CHECK((*asked)->value()[1].remaining() == 600);
  CHECK(balances(who)[1].used == 400);
  CHECK(script->asked == 1);
}

TEST_CASE_METHOD(scripted_quota, "balances of a key for which the ledger is being asked wait for that answer") {
  auto who = make_caller("k", 10, 1000);
  auto reserving = begin_reserve(who, 10);
  auto asked = test::begin_ask<limit_balances>(*this, shard, balance_atom::value, who, noon);
  run();
  CHECK(script->open.size() == 1);
  grant();
  CHECK(is_held(reserving));
  REQUIRE(test::went_well(asked));
  CHECK((*asked)->value()[1].held == 10);
}

TEST_CASE_METHOD(scripted_quota, "tokens used beyond the lease are asked of the ledger when they are settled") {
  auto who = make_caller("k", 80, 8000);
  auto first = begin_reserve(who, 10);
  grant();
  settle((*first)->value().hold, 1000);
  REQUIRE(script->open.size() == 1);
  REQUIRE(script->next().wishes.size() == 1);
  CHECK(script->next().wishes[0].entry.kind == limit_kind::daily_tokens);
  auto leased = 1000 - script->next().wishes[0].wanted;
  script->answer({{script->next().wishes[0].entry, 1000 - leased, 1000}});
  run();
  CHECK(balances(who)[1].used == 1000);
  CHECK(balances(who)[1].held == 0);
}

TEST_CASE_METHOD(scripted_quota, "a shard that is killed tells whoever waits in it") {
  auto reserving = begin_reserve(make_caller("k", 10, 1000), 10);
  auto draining = test::begin_ask<void>(*this, shard, drain_atom::value);
  run();
  CHECK_FALSE(reserving->has_value());
  CHECK_FALSE(draining->has_value());
  kill(shard);
  CHECK(was_refused(reserving, ec::dependency_unavailable));
  CHECK(was_refused(draining, ec::dependency_unavailable));
}

#include "actors/quota.hpp"
#include "tests/actors/fakes/ledger.hpp"
#include "tests/actors/quota_fixture.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;
using test::is_held;
using test::is_over_limit;
using test::make_caller;
using test::noon;
using test::was_refused;

namespace {

/// A shard whose ledger does what the test says, and takes what comes back.
struct ticking_quota : test::quota_fixture {
  ticking_quota() {
    script->takes_returns = true;
    meet(keep(system.spawn(test::fake_ledger, script)));
  }

  void grant() {
    script->grant();
    run();
  }
  hold_id hold(const principal_ptr& who, std::uint64_t tokens) {
    auto asked = begin_reserve(who, tokens, clock);
    if (!script->open.empty()) grant();
    REQUIRE(is_held(asked));
    return (*asked)->value().hold;
  }

  std::shared_ptr<test::ledger_script> script = std::make_shared<test::ledger_script>();
};

} // namespace

TEST_CASE_METHOD(ticking_quota, "a shard that has leased nothing tells the ledger nothing") {
  pass(10s);
  pass(10s);
  CHECK(script->returns == 0);
}

TEST_CASE_METHOD(ticking_quota, "while something is leased, the ledger hears of it every ten seconds") {
  hold(make_caller("k", 80, 8000), 10);
  pass(10s);
  CHECK(script->returns == 1);
  pass(10s);
  CHECK(script->returns == 2);
  CHECK(script->returned.empty());
}

TEST_CASE_METHOD(ticking_quota, "what lies idle for half a minute goes back, and what is held does not") {
  hold(make_caller("k", 80, 8000), 10);
  for (int i = 0; i < 3; ++i) pass(10s);
  REQUIRE(script->returned.size() == 2);
  CHECK(script->returned[0].entry.kind == limit_kind::daily_requests);
  CHECK(script->returned[0].unspent == 7);
  CHECK(script->returned[1].unspent == 70);
}

TEST_CASE_METHOD(ticking_quota, "what the ledger did not take is not offered again") {
  script->refuses_returns = true;
  hold(make_caller("k", 80, 8000), 10);
  for (int i = 0; i < 3; ++i) pass(10s);
  script->refuses_returns = false;
  for (int i = 0; i < 3; ++i) pass(10s);
  CHECK(script->returned.empty());
}

TEST_CASE_METHOD(ticking_quota, "a lease that the ledger has not confirmed for a minute is not spent before it has") {
  auto who = make_caller("k", 80, 8000);
  script->refuses_returns = true;
  hold(who, 10);
  clock += 60s;
  auto asked = begin_reserve(who, 10, clock);
  CHECK_FALSE(asked->has_value());
  REQUIRE(script->open.size() == 1);
  CHECK(script->next().sent_at == noon + 60s);
  for (const auto& wish : script->next().wishes) CHECK(wish.wanted == 0);
  script->answer({{script->next().wishes[0].entry, 0, 8}, {script->next().wishes[1].entry, 0, 80}});
  run();
  CHECK(is_held(asked));
  CHECK(is_held(begin_reserve(who, 10, clock + 59s)));
}

TEST_CASE_METHOD(ticking_quota, "a tick that the ledger answered lets leases be spent for another minute") {
  auto who = make_caller("k", 80, 8000);
  hold(who, 10);
  pass(10s);
  CHECK(is_held(begin_reserve(who, 10, noon + 69s)));
  CHECK(script->asked == 1);
}

TEST_CASE_METHOD(ticking_quota, "while the ledger is away leases are spent for a minute, and then nothing is") {
  auto who = make_caller("k", 80, 8000);
  hold(who, 10);
  script->refuses_returns = true;
  clock += 59s;
  CHECK(is_held(begin_reserve(who, 10, clock)));
  clock += 1s;
  auto asked = begin_reserve(who, 10, clock);
  script->refuse();
  run();
  CHECK(was_refused(asked, ec::dependency_unavailable));
}

TEST_CASE_METHOD(ticking_quota, "a hold grows by what is leased at once, and by more when the ledger has granted it") {
  auto id = hold(make_caller("k", 80, 8000), 10);
  auto small = begin_extend(id, 50);
  CHECK(is_held(small));
  CHECK((*small)->value().hold == id);
  auto large = begin_extend(id, 5000);
  CHECK_FALSE(large->has_value());
  script->answer({{script->next().wishes[0].entry, 5000, 5080}});
  run();
  CHECK(is_held(large));
  auto too_large = begin_extend(id, 5000);
  CHECK(is_over_limit(too_large));
}

TEST_CASE_METHOD(ticking_quota, "a request that runs does not wait behind those that want to begin") {
  auto who = make_caller("k", 80, 8000);
  auto id = hold(who, 10);
  auto waiting = begin_reserve(who, 3000);
  CHECK_FALSE(waiting->has_value());
  CHECK(is_held(begin_extend(id, 50)));
  CHECK_FALSE(waiting->has_value());
}

TEST_CASE_METHOD(ticking_quota, "a hold that is gone cannot grow, and a shard that dies tells who waits to grow") {
  CHECK(was_refused(begin_extend(12345, 1), ec::dependency_unavailable));
  auto id = hold(make_caller("k", 80, 8000), 10);
  auto waiting = begin_extend(id, 5000);
  settle(id, 10);
  script->answer({{script->next().wishes[0].entry, 5000, 5080}});
  run();
  CHECK(was_refused(waiting, ec::dependency_unavailable));
  auto other = hold(make_caller("other", 80, 8000, "other"), 10);
  auto growing = begin_extend(other, 5000);
  CHECK_FALSE(growing->has_value());
  kill(shard);
  CHECK(was_refused(growing, ec::dependency_unavailable));
}

TEST_CASE_METHOD(ticking_quota, "a drain waits for what is on its way back") {
  hold(make_caller("k", 80, 8000), 10);
  for (int i = 0; i < 3; ++i) pass(10s);
  CHECK(script->returned.size() == 2);
  CHECK(drain().has_value());
  CHECK(script->returned.size() == 2);
}

TEST_CASE_METHOD(ticking_quota, "balances are those of the key and of its tenant") {
  principal key = *make_caller("k", 80, 8000);
  auto tenant = std::make_shared<tenant_limits>();
  tenant->daily_tokens = 500;
  key.tenant = tenant;
  auto who = std::make_shared<const principal>(key);
  auto asked = test::begin_ask<limit_balances>(*this, shard, balance_atom::value, principal_ptr(who), noon);
  run();
  REQUIRE(script->next().wishes.size() == 3);
  grant();
  REQUIRE(test::went_well(asked));
  const auto& all = (*asked)->value();
  REQUIRE(all.size() == 3);
  CHECK(all[2].scope == limit_scope::tenant);
  CHECK(all[2].limit == 500);
}

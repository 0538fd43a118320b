#include "tests/domain/quota/lone_shard.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <variant>

using namespace gateway;
using namespace std::chrono_literals;
using test::noon;
using test::today;

namespace {

bool grew(const std::optional<quota_decision>& decision) {
  return decision && std::holds_alternative<quota_hold>(*decision);
}

std::optional<limit_kind> refused_by(const std::optional<quota_decision>& decision) {
  if (!decision || !std::holds_alternative<quota_refusal>(*decision)) return std::nullopt;
  return std::get<quota_refusal>(*decision).balance.kind;
}

} // namespace

TEST_CASE("a hold grows by all that is asked or by nothing, and counts no second request") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1, 1000);
  auto hold = shard.hold(who, 100);
  auto extended = shard.shard.extend(hold, {800, 0}, noon);
  REQUIRE(grew(extended));
  CHECK(std::get<quota_hold>(*extended).id == hold);
  CHECK(std::get<quota_hold>(*extended).tokens->remaining() == 100);
  CHECK(refused_by(shard.shard.extend(hold, {101, 0}, noon)) == limit_kind::daily_tokens);
  CHECK(shard.tokens(who).held == 900);
  CHECK(shard.requests(who).held == 1);
  CHECK(grew(shard.shard.extend(hold, {100, 0}, noon)));
  shard.settle(hold, 950);
  CHECK(shard.tokens(who).used == 950);
  CHECK(shard.tokens(who).held == 0);
  CHECK(shard.requests(who).used == 1);
}

TEST_CASE("an extended hold is given back whole, and expires whole") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto first = shard.hold(who, 100);
  auto second = shard.hold(who, 100);
  CHECK(grew(shard.shard.extend(first, {200, 0}, noon)));
  CHECK(grew(shard.shard.extend(second, {300, 0}, noon + 9min)));
  shard.book.release(first);
  CHECK(shard.tokens(who).held == 400);
  CHECK(shard.tokens(who, noon + 10min).used == 400);
  CHECK(shard.tokens(who, noon + 10min).held == 0);
}

TEST_CASE("a hold that is gone cannot grow") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto hold = shard.hold(who, 100);
  shard.settle(hold, 50);
  CHECK_FALSE(shard.shard.extend(hold, {1, 0}, noon).has_value());
  auto old = shard.hold(who, 100);
  CHECK_FALSE(shard.shard.extend(old, {1, 0}, noon + 10min).has_value());
  CHECK_FALSE(shard.shard.extend(0, {1, 0}, noon).has_value());
}

TEST_CASE("a hold of last night grows in the day it was taken in") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  const auto midnight = timestamp{today + 24h};
  auto hold = shard.hold(who, 100, midnight - 1s);
  shard.hold(who, 1000, midnight);
  CHECK(grew(shard.shard.extend(hold, {900, 0}, midnight + 1s)));
  CHECK(shard.tokens(who, midnight - 1s).held == 1000);
  CHECK(refused_by(shard.shard.extend(hold, {1, 0}, midnight + 1s)) == limit_kind::daily_tokens);
}

TEST_CASE("what a hold grows by counts in the minute it grows in") {
  test::lone_shard shard;
  auto who = test::changed(test::make_principal("k", 10, 10'000), [](principal& next) {
    next.limits = {.requests_per_minute = 1, .tokens_per_minute = 1000};
  });
  auto hold = shard.hold(who, 600);
  CHECK(grew(shard.shard.extend(hold, {400, 0}, noon + 40s)));
  auto decision = shard.shard.extend(hold, {300, 0}, noon + 41s);
  REQUIRE(refused_by(decision) == limit_kind::tokens_per_minute);
  CHECK(std::get<quota_refusal>(*decision).retry_at == noon + 61s);
  CHECK(grew(shard.shard.extend(hold, {600, 0}, noon + 61s)));
  // Of 1600 held 1300 were used: what was not was taken last.
  shard.settle(hold, 1300, noon + 61s);
  CHECK(shard.balance(who, limit_kind::tokens_per_minute, noon + 61s).used == 700);
}

TEST_CASE("a hold grows in the limits of its tenant too, or in none") {
  test::lone_shard shard;
  auto who = test::in_tenant(test::make_principal("k", 10, 10'000),
                             [](tenant_limits& tenant) { tenant.limits.budget_per_day = 500; });
  auto hold = shard.grant(who, {100, 300}).id;
  CHECK(refused_by(shard.shard.extend(hold, {100, 201}, noon)) == limit_kind::budget_per_day);
  CHECK(shard.tokens(who).held == 100);
  CHECK(grew(shard.shard.extend(hold, {100, 200}, noon)));
  CHECK(shard.balance(who, limit_kind::budget_per_day, noon, limit_scope::tenant).held == 500);
  shard.shard.settle(hold, {150, 420}, noon);
  CHECK(shard.balance(who, limit_kind::budget_per_day, noon, limit_scope::tenant).used == 420);
}

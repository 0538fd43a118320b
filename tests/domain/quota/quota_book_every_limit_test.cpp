#include "tests/domain/quota/lone_shard.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

using namespace gateway;
using namespace std::chrono_literals;
using test::noon;
using test::today;

namespace {

constexpr auto unlimited = ~std::uint64_t{0};

principal_ptr unlimited_key(const std::string& name = "k") { return test::make_principal(name, unlimited, unlimited); }

timestamp at(const char* text) { return from_rfc3339(text).value(); }

} // namespace

TEST_CASE("limits that are not set cost nothing: the ledger is not asked, and nothing is shown") {
  test::lone_shard shard;
  auto hold = shard.grant(unlimited_key(), {1'000'000, 1'000'000});
  CHECK_FALSE(hold.requests.has_value());
  CHECK_FALSE(hold.tokens.has_value());
  CHECK(shard.ledger.wishes() == 0);
  CHECK(shard.shard.balances(unlimited_key(), noon).empty());
  shard.settle(hold.id, 5);
  shard.give_idle_back(noon);
  CHECK(shard.book.accounts() == 0);
}

TEST_CASE("a budget is held at what the request may cost, and settled at what it did") {
  test::lone_shard shard;
  auto who = test::changed(unlimited_key(), [](principal& next) { next.limits.budget_per_day = 1000; });
  auto hold = shard.grant(who, {5, 700});
  auto refused = shard.refusal(who, quota_amount{5, 301});
  CHECK(refused.balance.kind == limit_kind::budget_per_day);
  CHECK(refused.balance.remaining() == 300);
  CHECK(refused.retry_at == timestamp{today + 24h});
  shard.shard.settle(hold.id, {5, 250}, noon);
  CHECK(shard.balance(who, limit_kind::budget_per_day).used == 250);
  shard.grant(who, {5, 750});
}

TEST_CASE("a month's budget lasts from its first local midnight to the next month's") {
  test::lone_shard shard;
  auto who = test::changed(unlimited_key(), [](principal& next) {
    next.limits.budget_per_month = 1000;
    next.time_zone = "America/New_York";
  });
  const auto ends = at("2026-12-01T05:00:00Z");
  shard.shard.settle(shard.grant(who, {0, 400}, at("2026-11-01T04:00:00Z")).id, {0, 400}, at("2026-11-01T04:00:01Z"));
  shard.grant(who, {0, 600}, at("2026-11-15T00:00:00Z"));
  CHECK(shard.refusal(who, quota_amount{0, 1}, ends - 1ms).balance.resets_at == ends);
  shard.grant(who, {0, 1000}, ends);
}

TEST_CASE("a key's day is that of its own zone, and its tenant's that of the tenant's") {
  test::lone_shard shard;
  auto who = test::in_tenant(test::make_principal("k", 5, unlimited), [](tenant_limits& tenant) {
    tenant.daily_requests = 7;
    tenant.time_zone = "Asia/Tokyo";
  });
  for (int i = 0; i < 5; ++i) shard.settle(shard.hold(who, 1), 1);
  CHECK(shard.refusal(who, 1).balance.resets_at == timestamp{today + 24h});
  CHECK(shard.balance(who, limit_kind::daily_requests, noon, limit_scope::tenant).resets_at == today + 15h);
  const auto tomorrow_in_tokyo = timestamp{today + 15h};
  CHECK(shard.balance(who, limit_kind::daily_requests, tomorrow_in_tokyo, limit_scope::tenant).used == 0);
  CHECK(shard.requests(who, tomorrow_in_tokyo).used == 5);
  CHECK(shard.ledger.granted(test::entry_of("acme", limit_kind::daily_requests, today, limit_scope::tenant)) >= 5);
}

TEST_CASE("all keys of a tenant share its limits, and each has its own besides") {
  test::lone_shard shard;
  auto tenant = std::make_shared<tenant_limits>();
  tenant->daily_tokens = 1000;
  tenant->limits.concurrent_requests = 3;
  const auto key = [&](const std::string& name) {
    return test::changed(test::make_principal(name, 10, 700), [&](principal& next) { next.tenant = tenant; });
  };
  shard.hold(key("a"), 600);
  CHECK(shard.refusal(key("a"), 101).balance.scope == limit_scope::key);
  auto refused = shard.refusal(key("b"), 401).balance;
  CHECK(refused.scope == limit_scope::tenant);
  CHECK(refused.kind == limit_kind::daily_tokens);
  CHECK(refused.remaining() == 400);
  CHECK(shard.requests(key("b")).held == 0);
  shard.hold(key("b"), 300);
  shard.hold(key("c"), 100);
  CHECK(shard.refusal(key("d"), 0).balance.kind == limit_kind::concurrent_requests);
  CHECK(shard.balance(key("c"), limit_kind::concurrent_requests, noon, limit_scope::tenant).held == 3);
}

TEST_CASE("of several limits that refuse, the one that refuses longest is named") {
  test::lone_shard shard;
  auto who = test::changed(test::make_principal("k", 1, unlimited),
                           [](principal& next) { next.limits = {.requests_per_minute = 1, .concurrent_requests = 1}; });
  shard.hold(who, 1);
  CHECK(shard.refusal(who, 1).balance.kind == limit_kind::daily_requests);

  auto by_minute = test::changed(who, [](principal& next) { next.quota.requests = unlimited; });
  CHECK(shard.refusal(by_minute, 1).balance.kind == limit_kind::requests_per_minute);

  auto by_month = test::changed(who, [](principal& next) { next.limits.budget_per_month = 10; });
  shard.shard.balances(by_month, noon);
  CHECK(shard.refusal(by_month, quota_amount{1, 11}).balance.kind == limit_kind::budget_per_month);
}

TEST_CASE("a hold shows the tightest limit of each unit, of the key or of the tenant, of the day or of the minute") {
  test::lone_shard shard;
  auto who = test::in_tenant(test::make_principal("k", 100, 10'000), [](tenant_limits& tenant) {
    tenant.daily_tokens = 5000;
    tenant.limits = {.requests_per_minute = 50, .tokens_per_minute = 6000, .concurrent_requests = 2};
  });
  auto hold = shard.grant(who, {1000, 0});
  CHECK(hold.requests->kind == limit_kind::requests_per_minute);
  CHECK(hold.requests->scope == limit_scope::tenant);
  CHECK(hold.requests->remaining() == 49);
  CHECK(hold.tokens->kind == limit_kind::daily_tokens);
  CHECK(hold.tokens->remaining() == 4000);
}

TEST_CASE("a limit that is set later counts from then on, and one that is taken away refuses nobody") {
  test::lone_shard shard;
  auto before = shard.grant(unlimited_key(), {900, 0});
  auto limited = test::changed(unlimited_key(), [](principal& next) {
    next.quota.tokens = 1000;
    next.limits.tokens_per_minute = 1000;
  });
  auto hold = shard.hold(limited, 1000);
  shard.refusal(limited, 1);
  shard.settle(before.id, 500);
  CHECK(shard.tokens(limited).used == 0);
  shard.grant(unlimited_key(), {5000, 0});
  shard.settle(hold, 100);
  CHECK(shard.tokens(limited).used == 100);
  CHECK(shard.balance(limited, limit_kind::tokens_per_minute).used == 100);
}

TEST_CASE("where a key stands is said of every limit, its own first") {
  test::lone_shard shard;
  auto who = test::in_tenant(test::make_principal("k", 10, 1000), [](tenant_limits& tenant) {
    tenant.daily_tokens = 5000;
    tenant.limits = {.requests_per_minute = 5, .budget_per_month = 900};
  });
  who = test::changed(who, [](principal& next) { next.limits.concurrent_requests = 3; });
  shard.grant(who, {100, 50});
  auto all = shard.shard.balances(who, noon);
  REQUIRE(all.size() == 6);
  const limit_kind kinds[] = {limit_kind::daily_requests,      limit_kind::daily_tokens,
                              limit_kind::concurrent_requests, limit_kind::daily_tokens,
                              limit_kind::budget_per_month,    limit_kind::requests_per_minute};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(all[i].kind == kinds[i]);
    CHECK(all[i].scope == (i < 3 ? limit_scope::key : limit_scope::tenant));
    CHECK(all[i].remaining() < all[i].limit);
  }
}

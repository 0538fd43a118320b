#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/lone_shard.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <variant>

using namespace gateway;
using namespace std::chrono_literals;
using test::noon;
using test::today;

TEST_CASE("a hold from before midnight settles to its own day") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto late = timestamp{today + 24h} - 1ms;
  auto next = timestamp{today + 24h};
  auto hold = shard.hold(who, 600, late);
  shard.hold(who, 1000, next);
  shard.settle(hold, 400, next);
  CHECK(shard.tokens(who, late).used == 400);
  CHECK(shard.tokens(who, next).used == 0);
  CHECK(shard.tokens(who, next).held == 1000);
  CHECK(shard.tokens(who, next).resets_at == timestamp{today + 48h});
}

TEST_CASE("a forgotten hold is charged whole at its deadline, and settling it later changes nothing") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto forgotten = shard.hold(who, 600);
  shard.refusal(who, 401, noon + 10min - 1ms);
  CHECK(shard.tokens(who, noon + 10min - 1ms).held == 600);
  CHECK(shard.tokens(who, noon + 10min).used == 600);
  CHECK(shard.tokens(who, noon + 10min).held == 0);
  CHECK(shard.book.settle(forgotten, {900, 0}, noon + 10min).empty());
  shard.book.release(forgotten);
  CHECK(shard.tokens(who, noon + 10min).used == 600);
  CHECK(shard.requests(who, noon + 10min).used == 1);
  CHECK(shard.book.holds() == 0);
}

TEST_CASE("a shard's next life counts all that was leased to the earlier one, and ignores its holds") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1000, 1000);
  auto orphan = shard.hold(who, 200);
  auto forfeited = shard.granted(who, limit_kind::daily_tokens);
  shard.book = quota_book{2, 10min};
  CHECK(shard.tokens(who).used == forfeited);
  shard.hold(who, 1000 - forfeited);
  shard.refusal(who, 1);
  shard.book.release(orphan);
  shard.settle(orphan, 0);
  shard.refusal(who, 1);
}

TEST_CASE("what is given back before a restart is there after it, to the last token") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1000, 1000);
  shard.settle(shard.hold(who, 200), 150);
  shard.book.release(shard.hold(who, 300));
  shard.shard.give_back();
  CHECK(shard.book.take_unspent().empty());
  shard.book = quota_book{2, 10min};
  CHECK(shard.tokens(who).used == 150);
  CHECK(shard.requests(who).used == 1);
  shard.hold(who, 850);
  shard.refusal(who, 1);
}

TEST_CASE("what nobody has used for half a minute goes back to the ledger, and can be leased again") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1000, 100'000);
  auto held = shard.hold(who, 200);
  shard.settle(shard.hold(who, 300), 100);
  shard.give_idle_back(noon + 29s);
  CHECK(shard.granted(who, limit_kind::daily_tokens) > 300);
  shard.give_idle_back(noon + 30s);
  CHECK(shard.granted(who, limit_kind::daily_requests) == 2);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 300);
  CHECK(shard.book.has_leases());
  shard.settle(held, 150, noon + 31s);
  shard.give_idle_back(noon + 61s);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 250);
  shard.hold(who, 99'750, noon + 62s);
}

TEST_CASE("a day that is over is forgotten when its last hold has ended, and its account with it") {
  test::lone_shard shard;
  for (int i = 0; i < 10; ++i) shard.settle(shard.hold(test::make_principal(std::to_string(i), 5, 50), 5), 5);
  CHECK(shard.book.accounts() == 10);
  auto who = test::make_principal("night owl", 5, 50);
  const auto midnight = timestamp{today + 24h};
  auto hold = shard.hold(who, 5, midnight - 5min);
  shard.give_idle_back(midnight);
  CHECK(shard.book.accounts() == 1);
  shard.settle(hold, 3, midnight + 1min);
  shard.give_idle_back(midnight + 1min + 29s);
  CHECK(shard.book.accounts() == 1);
  shard.give_idle_back(midnight + 1min + 30s);
  CHECK(shard.book.accounts() == 0);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 3);
  CHECK_FALSE(shard.book.has_leases());
}

TEST_CASE("a lease for a day that was forgotten meanwhile goes back") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto asked = std::get<quota_shortage>(shard.book.reserve(who, {100, 0}, noon));
  shard.give_idle_back(noon + 24h);
  CHECK(shard.book.accounts() == 0);
  shard.shard.ask(asked, noon + 24h);
  CHECK(shard.granted(who, limit_kind::daily_tokens) > 0);
  shard.give_idle_back(noon + 24h);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 0);
  CHECK(shard.granted(who, limit_kind::daily_requests) == 0);
}

TEST_CASE("leases may be spent for a minute after the last answer of the ledger, and no longer") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1000, 100'000);
  shard.hold(who, 1);
  auto wishes = shard.ledger.wishes();
  shard.hold(who, 1, noon + 60s - 1ms);
  CHECK(shard.ledger.wishes() == wishes);
  auto granted = shard.granted(who, limit_kind::daily_tokens);
  auto decision = shard.book.reserve(who, {1, 0}, noon + 60s);
  REQUIRE(std::holds_alternative<quota_shortage>(decision));
  for (const auto& wish : std::get<quota_shortage>(decision)) CHECK(wish.wanted == 0);
  shard.book.ledger_answered(noon + 50s);
  shard.hold(who, 1, noon + 109s);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == granted);
  shard.hold(who, 1, {noon - 24h, noon + 109s});
}

TEST_CASE("a request of late last night counts in its own day, although today has begun") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto late = timestamp{today + 24h} - 1ms;
  shard.hold(who, 900, late);
  shard.hold(who, 1, timestamp{today + 24h});
  shard.refusal(who, 101, late);
  shard.hold(who, 100, late);
}

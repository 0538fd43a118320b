#include "domain/quota/quota_book.hpp"

#include "tests/domain/quota/lone_shard.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <variant>

using namespace gateway;
using namespace std::chrono_literals;
using test::noon;
using test::today;

TEST_CASE("the first reservation of a day asks the ledger for both limits at once") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto decision = shard.book.reserve(who, {50, 0}, noon);
  REQUIRE(std::holds_alternative<quota_shortage>(decision));
  const auto& wishes = std::get<quota_shortage>(decision);
  REQUIRE(wishes.size() == 2);
  CHECK(wishes[0].entry == test::entry_of("k", limit_kind::daily_requests));
  CHECK(wishes[0].limit == 10);
  CHECK(wishes[0].wanted >= 1);
  CHECK(wishes[1].entry == test::entry_of("k", limit_kind::daily_tokens));
  CHECK(wishes[1].limit == 1000);
  CHECK(wishes[1].wanted >= 50);
}

TEST_CASE("a hold shows where the key stands after it") {
  test::lone_shard shard;
  auto hold = shard.grant(test::make_principal("k", 10, 1000), {50, 0});
  CHECK(hold.id != 0);
  REQUIRE(hold.requests.has_value());
  CHECK(hold.requests->kind == limit_kind::daily_requests);
  CHECK(hold.requests->held == 1);
  CHECK(hold.requests->remaining() == 9);
  REQUIRE(hold.tokens.has_value());
  CHECK(hold.tokens->kind == limit_kind::daily_tokens);
  CHECK(hold.tokens->remaining() == 950);
  CHECK(hold.tokens->resets_at == timestamp{today + 24h});
}

TEST_CASE("a refusal names the limit that said no, and takes nothing of the other") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 100);
  shard.hold(who, 60);
  auto refused = shard.refusal(who, 41);
  CHECK(refused.balance.kind == limit_kind::daily_tokens);
  CHECK(refused.balance.remaining() == 40);
  CHECK(refused.balance.resets_at == timestamp{today + 24h});
  CHECK(refused.asked == 41);
  CHECK(shard.requests(who).held == 1);
  CHECK(shard.tokens(who).held == 60);

  auto busy = test::make_principal("busy", 1, 100);
  shard.hold(busy, 10);
  CHECK(shard.refusal(busy, 10).balance.kind == limit_kind::daily_requests);
  CHECK(shard.tokens(busy).held == 10);
}

TEST_CASE("settling counts what was used and gives the rest back, and releasing gives all back") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 2, 100);
  auto used = shard.hold(who, 60);
  auto unused = shard.hold(who, 40);
  shard.settle(used, 25);
  shard.book.release(unused);
  CHECK(shard.requests(who).used == 1);
  CHECK(shard.requests(who).held == 0);
  CHECK(shard.tokens(who).used == 25);
  CHECK(shard.tokens(who).held == 0);
  shard.hold(who, 75);
  shard.refusal(who, 1);
}

TEST_CASE("more tokens than were held are charged up to the limit, never over it") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  auto hold = shard.hold(who, 100);
  shard.hold(who, 300);
  shard.settle(hold, 5000);
  CHECK(shard.tokens(who).used == 700);
  CHECK(shard.tokens(who).held == 300);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 1000);
}

TEST_CASE("a surplus that the lease does not cover is asked of the ledger at once") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 100'000);
  auto hold = shard.hold(who, 100);
  auto leased = shard.granted(who, limit_kind::daily_tokens);
  auto owed = shard.book.settle(hold, {leased + 500, 0}, noon);
  REQUIRE(owed.size() == 1);
  CHECK(owed[0].entry.kind == limit_kind::daily_tokens);
  CHECK(owed[0].wanted == 500);
  shard.shard.ask(owed, noon);
  CHECK(shard.tokens(who).used == leased + 500);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == leased + 500);
}

TEST_CASE("a limit that this shard has exhausted costs the ledger nothing more") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 3, 1000);
  for (int i = 0; i < 3; ++i) shard.hold(who, 1);
  auto before = shard.ledger.wishes();
  for (int i = 0; i < 100; ++i) shard.refusal(who, 1, noon + i * 10s);
  CHECK(shard.ledger.wishes() == before);
}

TEST_CASE("what another shard gives back can be used within a second, at one question a second") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 100, 1000);
  const std::vector<lease_wish> all{{test::entry_of("k", limit_kind::daily_requests), 100, 100}};
  shard.ledger.grant("other", all);
  shard.refusal(who, 1);
  auto before = shard.ledger.wishes();
  for (int i = 0; i < 30; ++i) shard.refusal(who, 1, noon + i * 100ms);
  CHECK(shard.ledger.wishes() == before + 2);
  shard.ledger.give_back("other", {{test::entry_of("k", limit_kind::daily_requests), 40}});
  shard.hold(who, 1, noon + 3s);
  CHECK(shard.requests(who, noon + 3s).used >= 60);
}

TEST_CASE("a lowered limit counts at once, a raised one can be used at once") {
  test::lone_shard shard;
  shard.hold(test::make_principal("k", 10, 1000), 500);
  shard.refusal(test::make_principal("k", 10, 600), 101);
  shard.hold(test::make_principal("k", 10, 600), 100);
  shard.hold(test::make_principal("k", 10, 2000), 1400);
  shard.refusal(test::make_principal("k", 10, 2000), 1);
}

TEST_CASE("asking where a key stands leases nothing") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  CHECK(shard.tokens(who).used == 0);
  CHECK(shard.tokens(who).limit == 1000);
  CHECK(shard.granted(who, limit_kind::daily_requests) == 0);
  CHECK(shard.granted(who, limit_kind::daily_tokens) == 0);
}

TEST_CASE("a request larger than the whole limit leases nothing either") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 10, 1000);
  shard.hold(test::make_principal("k", 10, 1000), 1000);
  CHECK(shard.refusal(who, 1001).balance.remaining() == 0);

  auto fresh = test::make_principal("fresh", 10, 1000);
  CHECK(shard.refusal(fresh, 1001).balance.remaining() == 1000);
  CHECK(shard.granted(fresh, limit_kind::daily_tokens) == 0);
}

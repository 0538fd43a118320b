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
  shard.book.settle(hold, 400);
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
  CHECK(shard.book.settle(forgotten, 900).empty());
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
  shard.book.settle(orphan, 0);
  shard.refusal(who, 1);
}

TEST_CASE("what is given back before a restart is there after it, to the last token") {
  test::lone_shard shard;
  auto who = test::make_principal("k", 1000, 1000);
  shard.book.settle(shard.hold(who, 200), 150);
  shard.book.release(shard.hold(who, 300));
  shard.ledger.give_back("shard", shard.book.take_unspent());
  CHECK(shard.book.take_unspent().empty());
  shard.book = quota_book{2, 10min};
  CHECK(shard.tokens(who).used == 150);
  CHECK(shard.requests(who).used == 1);
  shard.hold(who, 850);
  shard.refusal(who, 1);
}

TEST_CASE("an account lives until the end of the day after, and as long as it has holds") {
  test::lone_shard shard;
  for (int i = 0; i < 10; ++i) shard.book.settle(shard.hold(test::make_principal(std::to_string(i), 5, 50), 5), 5);
  CHECK(shard.book.accounts() == 10);
  auto who = test::make_principal("night owl", 5, 50);
  auto hold = shard.hold(who, 5, noon + 24h - 5min);
  shard.hold(who, 5, noon + 24h);
  CHECK(shard.book.accounts() == 11);

  quota_book patient{1, 100h};
  test::naive_ledger ledger;
  auto kept = std::get<quota_hold>(test::reserve(patient, ledger, "p", who, 5, noon)).id;
  test::reserve(patient, ledger, "p", who, 5, noon + 48h);
  CHECK(patient.accounts() == 2);
  patient.settle(kept, 5);
  test::reserve(patient, ledger, "p", who, 5, noon + 72h);
  CHECK(patient.accounts() == 2);

  shard.book.settle(hold, 5);
  shard.hold(who, 5, noon + 48h);
  CHECK(shard.book.accounts() == 2);
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

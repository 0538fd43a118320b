#include "tests/domain/quota/lone_shard.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace gateway;
using namespace std::chrono_literals;
using test::noon;

namespace {

principal_ptr with(rate_limits limits) {
  return test::changed(test::make_principal("k", 1'000'000, 1'000'000), [&](principal& next) { next.limits = limits; });
}

const auto two_a_minute = with({.requests_per_minute = 2});
const auto thousand_a_minute = with({.tokens_per_minute = 1000});

} // namespace

TEST_CASE("requests per minute slide, so that no minute gets a double burst") {
  test::lone_shard shard;
  shard.hold(two_a_minute, 1, noon + 30s);
  shard.hold(two_a_minute, 1, noon + 59s);
  auto refused = shard.refusal(two_a_minute, 1, noon + 61s);
  CHECK(refused.balance.kind == limit_kind::requests_per_minute);
  CHECK(refused.balance.scope == limit_scope::key);
  CHECK(refused.balance.limit == 2);
  CHECK(refused.balance.remaining() == 0);
  CHECK(refused.retry_at == noon + 91s);
  CHECK(refused.balance.resets_at == noon + 120s);
  shard.refusal(two_a_minute, 1, noon + 91s - 1ms);
  shard.hold(two_a_minute, 1, noon + 91s);
  shard.refusal(two_a_minute, 1, noon + 91s);
}

TEST_CASE("a refusal by the minute takes nothing of the day") {
  test::lone_shard shard;
  shard.hold(two_a_minute, 7);
  shard.hold(two_a_minute, 7);
  for (int i = 0; i < 10; ++i) shard.refusal(two_a_minute, 7);
  CHECK(shard.requests(two_a_minute).held == 2);
  CHECK(shard.tokens(two_a_minute).held == 14);
}

TEST_CASE("tokens per minute count the estimate, and give back what was not used where it was taken") {
  test::lone_shard shard;
  auto first = shard.hold(thousand_a_minute, 600);
  shard.refusal(thousand_a_minute, 401, noon + 10s);
  shard.settle(first, 100, noon + 20s);
  shard.hold(thousand_a_minute, 900, noon + 20s);
  CHECK(shard.refusal(thousand_a_minute, 1, noon + 20s).retry_at == noon + 61s);
  shard.hold(thousand_a_minute, 100, noon + 61s);
}

TEST_CASE("tokens used beyond the hold count from when they are known, as far as the minute has room") {
  test::lone_shard shard;
  auto hold = shard.hold(thousand_a_minute, 100);
  shard.settle(hold, 5000, noon + 30s);
  auto stands = shard.balance(thousand_a_minute, limit_kind::tokens_per_minute, noon + 30s);
  CHECK(stands.used == 1000);
  CHECK(stands.resets_at == noon + 91s);
  CHECK(shard.refusal(thousand_a_minute, 100, noon + 30s).retry_at == noon + 61s);
}

TEST_CASE("a request that no minute can hold is told when the minute starts over") {
  test::lone_shard shard;
  shard.hold(thousand_a_minute, 10);
  auto refused = shard.refusal(thousand_a_minute, 1001, noon + 5s);
  CHECK(refused.asked == 1001);
  CHECK(refused.retry_at == noon + 61s);
}

TEST_CASE("what is released can be taken in the same minute") {
  test::lone_shard shard;
  auto who = with({.requests_per_minute = 1, .tokens_per_minute = 1000});
  shard.book.release(shard.hold(who, 1000));
  shard.hold(who, 1000, noon + 1s);
}

TEST_CASE("concurrent requests count from their reservation until they end, however they end") {
  test::lone_shard shard;
  auto who = with({.concurrent_requests = 2});
  auto first = shard.hold(who, 1);
  auto second = shard.hold(who, 1);
  auto refused = shard.refusal(who, 1);
  CHECK(refused.balance.kind == limit_kind::concurrent_requests);
  CHECK(refused.balance.held == 2);
  CHECK(refused.retry_at == noon + 1s);
  shard.settle(first, 1);
  shard.book.release(second);
  shard.hold(who, 1);
  shard.hold(who, 1);
  shard.refusal(who, 1, noon + 10min - 1ms);
  shard.hold(who, 1, noon + 10min);
}

TEST_CASE("setting the wall clock neither frees a minute early nor blocks one for long") {
  test::lone_shard shard;
  shard.hold(two_a_minute, 1);
  shard.hold(two_a_minute, 1);
  SECTION("back") {
    const auto yesterday = noon - 24h;
    auto refused = shard.refusal(two_a_minute, 1, {yesterday, noon});
    CHECK(refused.retry_at == yesterday + 61s);
    shard.refusal(two_a_minute, 1, {yesterday + 61s - 1ms, noon + 61s - 1ms});
    shard.hold(two_a_minute, 1, {yesterday + 61s, noon + 61s});
  }
  SECTION("forward, and back again") {
    shard.refusal(two_a_minute, 1, {noon + 1000h, noon + 1s});
    shard.refusal(two_a_minute, 1, {noon + 2s, noon + 2s});
    shard.hold(two_a_minute, 1, noon + 61s);
  }
}

TEST_CASE("a request that waited counts in the minute in which it is let through") {
  test::lone_shard shard;
  auto one_a_minute = with({.requests_per_minute = 1});
  shard.hold(one_a_minute, 1, {noon, noon + 5s});
  shard.refusal(one_a_minute, 1, {noon + 61s, noon + 61s});
  shard.hold(one_a_minute, 1, {noon + 50s, noon + 66s});
}

TEST_CASE("a message that was old when it came ends no hold early") {
  test::lone_shard shard;
  auto who = with({.concurrent_requests = 1});
  shard.hold(who, 1, {noon, noon});
  shard.refusal(who, 1, {noon - 1h, noon + 1s});
  shard.refusal(who, 1, {noon, noon + 2s});
  shard.refusal(who, 1, {noon - 2h, noon + 10min - 1ms});
  shard.hold(who, 1, {noon - 1h, noon + 10min});
}

TEST_CASE("an account is kept as long as its minute remembers something") {
  test::lone_shard shard;
  auto who = test::changed(with({.requests_per_minute = 5}), [](principal& next) {
    next.quota = {~std::uint64_t{0}, ~std::uint64_t{0}};
  });
  shard.settle(shard.hold(who, 1), 1);
  shard.give_idle_back(noon + 60s);
  CHECK(shard.book.accounts() == 1);
  shard.give_idle_back(noon + 61s);
  CHECK(shard.book.accounts() == 0);
}

TEST_CASE("of what refuses, that is named which asks for more than a minute ever has") {
  test::lone_shard shard;
  auto busy = with({.tokens_per_minute = 1000, .concurrent_requests = 1});
  shard.hold(busy, 1);
  auto refused = shard.refusal(busy, 1001);
  CHECK(refused.balance.kind == limit_kind::tokens_per_minute);
  CHECK(refused.never_fits());
  refused = shard.refusal(busy, 1000);
  CHECK_FALSE(refused.never_fits());
}

TEST_CASE("what never fits is named before what refuses longer") {
  test::lone_shard shard;
  auto none_at_once = with({.requests_per_minute = 1, .concurrent_requests = 0});
  CHECK(shard.refusal(none_at_once, 1).balance.kind == limit_kind::concurrent_requests);
  auto one_a_minute = with({.requests_per_minute = 1});
  shard.hold(one_a_minute, 1);
  CHECK(shard.refusal(none_at_once, 1).balance.kind == limit_kind::concurrent_requests);
}

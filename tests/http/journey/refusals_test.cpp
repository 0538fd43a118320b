#include "http/journey/refusals.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

const timestamp now = *from_rfc3339("2026-11-23T17:00:00Z");
const timestamp midnight = *from_rfc3339("2026-11-24T00:00:00Z");

std::map<std::string, std::string> details_of(const failure& why) { return {why.details.begin(), why.details.end()}; }

TEST_CASE("a day's refusal says whose limit it is, how much is left, until when, and what to do") {
  const auto why =
      refusal_of({{limit_scope::tenant, limit_kind::daily_tokens, 1000, 700, 200, midnight}, 150, midnight}, now);
  CHECK(why.code == ec::quota_exceeded);
  CHECK(why.message ==
        "the tenant's limit of 1000 tokens a day does not cover this request: it asks for 150, and 100 are left until "
        "2026-11-24T00:00:00.000Z; ask for less, or wait until then; the operator can raise it");
  CHECK(why.retry_after == 7h);
  CHECK(details_of(why) == std::map<std::string, std::string>{{"limit", "daily_tokens"},
                                                              {"scope", "tenant"},
                                                              {"quota", "1000"},
                                                              {"asked", "150"},
                                                              {"remaining", "100"},
                                                              {"resets_at", "2026-11-24T00:00:00.000Z"}});
}

TEST_CASE("a budget's refusal is told in dollars") {
  const auto why = refusal_of(
      {{limit_scope::key, limit_kind::budget_per_month, 12'500'000, 12'499'875, 0, midnight}, 3'000'000, midnight},
      now);
  CHECK(why.code == ec::quota_exceeded);
  CHECK_THAT(why.message, StartsWith("the key's limit of 12.50 dollars a month"));
  const auto details = details_of(why);
  CHECK(details.at("limit") == "budget_usd_per_month");
  CHECK(details.at("quota") == "12.50");
  CHECK(details.at("asked") == "3.00");
  CHECK(details.at("remaining") == "0.000125");
}

TEST_CASE("a minute's refusal may be repeated when it fits, in whole seconds and at least one") {
  const auto wait = GENERATE(std::pair{1ms, 1s}, std::pair{0ms, 1s}, std::pair{-5000ms, 1s}, std::pair{12'001ms, 13s});
  for (const auto kind : {limit_kind::requests_per_minute, limit_kind::tokens_per_minute}) {
    const auto why = refusal_of({{limit_scope::key, kind, 10, 10, 0, now + 60s}, 1, now + wait.first}, now);
    CHECK(why.code == ec::rate_limited);
    CHECK(why.retry_after == wait.second);
    CHECK_THAT(why.message, Contains("send it again in " + std::to_string(wait.second.count()) + " s"));
  }
}

TEST_CASE("a refusal for concurrency says to wait for another request's end") {
  const auto why = refusal_of({{limit_scope::key, limit_kind::concurrent_requests, 2, 0, 2, now}, 1, now + 1s}, now);
  CHECK(why.code == ec::rate_limited);
  CHECK(why.retry_after == 1s);
  CHECK_FALSE(why.hopeless);
  CHECK_THAT(why.message, Contains("2 concurrent requests") && Contains("when another one has ended"));
}

TEST_CASE("what no limit could ever cover is not to be waited for") {
  const auto why =
      refusal_of({{limit_scope::key, limit_kind::tokens_per_minute, 100, 0, 0, now + 60s}, 4000, now + 60s}, now);
  CHECK_THAT(why.message, Contains("shorter answer (max_tokens)") && !Contains("send it again"));
  CHECK(why.code == ec::rate_limited);
  CHECK(why.hopeless);
  CHECK(why.retry_after == 0s);
}

} // namespace
} // namespace gateway

#include "tests/http/journey/walk_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using phase = audit_entry::phase;

struct admission_fixture : walk_fixture {
  void wait_like(audit_durability how) { settings.topology.audit.durability = how; }
  const std::string stream = R"(,"stream":true)";
};

TEST_CASE_METHOD(admission_fixture, "a request is written down as admitted, then as settled, under one id") {
  answer("some words to be repeated", R"(,"max_tokens":10)");
  REQUIRE(all->entries.size() == 2);
  const auto& first = all->entries.front();
  const auto& second = all->entries.back();
  CHECK(first.what == phase::admitted);
  CHECK(second.what == phase::settled);
  CHECK_FALSE(first.record.id.empty());
  CHECK(first.record.id == second.record.id);
  CHECK(first.held == all->reserved.front());
  CHECK(first.held.tokens == first.record.usage.prompt_tokens + 10);
  CHECK(first.record.tenant_id == "acme");
  CHECK(first.record.status == 0);
  CHECK(second.record.status == 200);
  CHECK(second.record.counted);
  CHECK(all->settled == std::vector<quota_amount>{{second.record.usage.total(), second.record.cost}});
  CHECK(all->released == 0);
}

TEST_CASE_METHOD(admission_fixture, "with strict no upstream is asked before the record is committed") {
  wait_like(audit_durability::strict);
  all->log_holds = true;
  const auto done = ask_for("hi");
  settle();
  REQUIRE(all->entries.size() == 1);
  CHECK(all->entries.front().what == phase::admitted);
  CHECK(all->picks == 0);
  CHECK(told().empty());
  commit();
  CHECK(*done);
  CHECK(all->picks == 1);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 200"));
}

TEST_CASE_METHOD(admission_fixture, "with grouped nothing of an answer goes out before the record is committed") {
  const auto more = GENERATE_COPY(std::string(), stream);
  all->log_holds = true;
  const auto done = ask_for("hi", more);
  settle();
  CHECK(all->picks == 1);
  CHECK(told().empty());
  CHECK_FALSE(*done);
  commit();
  CHECK(*done);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 200"));
}

TEST_CASE_METHOD(admission_fixture,
                 "with grouped a failure waits for the record too, and without a call nothing is charged") {
  all->log_holds = true;
  all->no_target = true;
  const auto done = ask_for("hi");
  settle();
  CHECK(told().empty());
  commit();
  CHECK(*done);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 502"));
  CHECK(all->released == 1);
  CHECK(all->settled.empty());
  CHECK_FALSE(all->entries.back().record.counted);
}

TEST_CASE_METHOD(admission_fixture, "with async nothing waits for the record") {
  wait_like(audit_durability::async);
  all->log_holds = true;
  const auto more = GENERATE_COPY(std::string(), stream);
  const auto done = ask_for("hi", more);
  settle();
  CHECK(*done);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 200"));
  commit();
}

TEST_CASE_METHOD(admission_fixture, "when the record is not committed in time the caller hears that, and no answer") {
  const auto how = GENERATE(audit_durability::grouped, audit_durability::strict);
  const auto more = GENERATE_COPY(std::string(), stream);
  wait_like(how);
  house().audit_patience = 1ms;
  all->log_holds = true;
  answer("some words to be repeated", more);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 503") && Contains("PLATFORM_DEPENDENCY_UNAVAILABLE") &&
                         !Contains("some words") && !Contains("text/event-stream"));
  const bool strict = how == audit_durability::strict;
  CHECK(all->picks == (strict ? 0 : 1));
  CHECK(all->released == (strict ? 1 : 0));
  CHECK(all->settled.size() == (strict ? 0 : 1));
  commit();
  REQUIRE(all->entries.size() == 2);
  CHECK(all->entries.back().record.error_code == "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(all->entries.back().record.counted == !strict);
}

TEST_CASE_METHOD(admission_fixture, "what is refused before it is admitted is settled only, and not counted") {
  all->refuses = quota_refusal{
      {limit_scope::key, limit_kind::daily_tokens, 100, 90, 0, wall_clock_now() + 1h}, 50, wall_clock_now() + 1h};
  answer("hi");
  CHECK_THAT(told(), StartsWith("HTTP/1.1 429") && Contains("x-ratelimit-remaining-tokens: 10\r\n") &&
                         Contains("x-ratelimit-limit-tokens: 100\r\n") && Contains("x-should-retry: false"));
  REQUIRE(all->entries.size() == 1);
  CHECK(all->entries.front().what == phase::settled);
  CHECK_FALSE(all->entries.front().record.counted);
  CHECK(all->picks == 0);
}

TEST_CASE_METHOD(admission_fixture, "a minute's refusal may be repeated, after as long as it says") {
  all->refuses = quota_refusal{{limit_scope::tenant, limit_kind::requests_per_minute, 5, 5, 0, wall_clock_now() + 60s},
                               1,
                               wall_clock_now() + 12s};
  answer("hi");
  CHECK_THAT(told(), StartsWith("HTTP/1.1 429") && Contains("PLATFORM_RATE_LIMITED") &&
                         Contains("Retry-After: 12\r\n", Catch::CaseSensitive::No) &&
                         Contains("x-ratelimit-remaining-requests: 0\r\n") && !Contains("x-should-retry"));
}

TEST_CASE_METHOD(admission_fixture, "a price turns tokens into cost, in the hold, the settlement and the record") {
  settings.models["echo"].cost = price{2'000'000, 4'000'000, 1'000'000};
  answer("some words to be repeated", R"(,"max_tokens":100)");
  const auto& record = all->entries.back().record;
  CHECK(record.cost == 2 * record.usage.prompt_tokens + 4 * record.usage.completion_tokens);
  CHECK(all->settled.front().cost == record.cost);
  const auto& held = all->entries.front();
  CHECK(held.held.cost == 2 * held.record.usage.prompt_tokens + 4 * 100);
}

} // namespace
} // namespace gateway

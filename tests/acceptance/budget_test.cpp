#include "domain/calendar.hpp"
#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using Catch::Contains;
using nlohmann::json;

/// A model whose answers cost a cent a token, and whose prompts cost nothing.
struct budget_fixture : gateway_fixture {
  budget_fixture() {
    add_upstream(upstream.base_url());
    settings.models["gpt"].cost = price{0, 10'000'000'000, 0};
    open();
  }

  /// Gives the key, or its tenant, this limit; and both others that a refusal must not touch.
  void limit(const std::string& scope, const json& limits) {
    json of_key{{"requests_per_minute", 1000}, {"concurrent_requests", 1}};
    json of_tenant{{"tokens_per_minute", 100'000}};
    (scope == "key" ? of_key : of_tenant).update(limits);
    REQUIRE(admin("PUT", "/admin/tenants/acme", json{{"limits", of_tenant}}.dump()).status == 200);
    key = make_key({{"tenant_id", "acme"}, {"limits", of_key}});
  }

  http_response ask(int max_tokens, bool stream = false) const {
    auto body = json::parse(chat_body("gpt", stream));
    body["max_tokens"] = max_tokens;
    return complete(key.at("key"), body.dump());
  }

  json everything_used() const {
    const auto path = "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage";
    auto shown = admin("GET", path).json();
    // Those of a minute move with the clock.
    for (auto& [scope, limits] : shown.items())
      if (limits.is_object())
        for (auto& [name, limit] : limits.items())
          if (name.find("minute") != std::string::npos || name == "concurrent_requests") limit.erase("resets_at");
    return shown;
  }

  scripted_upstream upstream;
  json key;
};

TEST_CASE_METHOD(budget_fixture, "a budget refuses what it does not cover, in dollars, and nothing is taken by that",
                 "[acceptance]") {
  const std::string scope = GENERATE("key", "tenant");
  const std::string name = GENERATE("budget_usd_per_day", "budget_usd_per_month");
  INFO(scope << " " << name);
  limit(scope, {{name, 2.5}});
  for (int i = 0; i < 2; ++i) {
    upstream.next(answer_with(200, completion("hello", 9, 100)));
    CHECK(ask(100).status == 200);
  }
  const auto before = everything_used();
  const auto& budget = before.at(scope == "key" ? "limits" : "tenant_limits").at(name);
  CHECK(budget.at("used") == 2.0);
  CHECK(budget.at("remaining") == 0.5);

  for (const bool stream : {false, true}) {
    const auto refused = ask(100, stream);
    const auto error = check_failure(refused, 429, "PLATFORM_QUOTA_EXCEEDED");
    const auto now = wall_clock_now();
    const auto period = name == "budget_usd_per_day" ? day_window("UTC", now) : month_window("UTC", now);
    CHECK(error.at("details") == json{{"limit", name},
                                      {"scope", scope},
                                      {"quota", "2.50"},
                                      {"asked", "1.00"},
                                      {"remaining", "0.50"},
                                      {"resets_at", to_rfc3339(period.ends)}});
    CHECK_THAT(error.at("message").get<std::string>(), Contains("the " + scope + "'s limit of 2.50 dollars a "));
    CHECK(refused.header("x-should-retry") == "false");
    const auto record = wait_for_record(refused.header("X-Request-ID"));
    CHECK(record.at("counted") == false);
    CHECK(record.at("cost_usd") == 0.0);
  }
  CHECK(everything_used() == before);
  CHECK(upstream.requests().size() == 2);

  upstream.next(answer_with(200, completion("hello", 9, 50)));
  CHECK(ask(50).status == 200);
  check_failure(ask(1), 429, "PLATFORM_QUOTA_EXCEEDED");
}

TEST_CASE_METHOD(budget_fixture, "the budget of a tenant is shared by its keys, that of a key is its own",
                 "[acceptance]") {
  const std::string scope = GENERATE("key", "tenant");
  limit(scope, {{"budget_usd_per_day", 1}});
  upstream.next(answer_with(200, completion("hello", 9, 100)));
  CHECK(ask(100).status == 200);
  check_failure(ask(100), 429, "PLATFORM_QUOTA_EXCEEDED");
  key = make_key();
  CHECK(ask(100).status == (scope == "key" ? 200 : 429));
}

TEST_CASE_METHOD(budget_fixture, "what costs less than was held leaves the rest to the next one", "[acceptance]") {
  limit("key", {{"budget_usd_per_day", 1}});
  for (int i = 0; i < 3; ++i) {
    upstream.next(answer_with(200, completion("hello", 9, 10)));
    CHECK(ask(80).status == 200);
  }
  check_failure(ask(80), 429, "PLATFORM_QUOTA_EXCEEDED"); // 70 cents are left.
}

TEST_CASE_METHOD(budget_fixture, "a budget survives a restart to the cent", "[acceptance]") {
  limit("tenant", {{"budget_usd_per_month", 2.5}});
  upstream.next(answer_with(200, completion("hello", 9, 123)));
  CHECK(ask(150).status == 200);
  reopen();
  const auto shown = everything_used().at("tenant_limits").at("budget_usd_per_month");
  CHECK(shown.at("used") == 1.23);
  CHECK(shown.at("held") == 0.0);
  check_failure(ask(128), 429, "PLATFORM_QUOTA_EXCEEDED");
  CHECK(ask(127).status == 200);
}

} // namespace
} // namespace gateway

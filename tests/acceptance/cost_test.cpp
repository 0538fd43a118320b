#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using nlohmann::json;

/// 1,000 of the prompt, 400 of them from the cache, and 200 of the answer, 50 of them thoughts.
const json detailed_usage{{"prompt_tokens", 1000},
                          {"completion_tokens", 200},
                          {"total_tokens", 1200},
                          {"prompt_tokens_details", {{"cached_tokens", 400}}},
                          {"completion_tokens_details", {{"reasoning_tokens", 50}}}};

std::string with_usage(const std::string& text, const json& usage) {
  auto whole = json::parse(text);
  whole["usage"] = usage;
  return whole.dump();
}

script answer_using(const json& usage, bool stream) {
  if (!stream) return answer_with(200, with_usage(completion("hello"), usage));
  return stream_of({text_chunk("hello"), finish_chunk(), with_usage(usage_chunk(0, 0), usage), "[DONE]"});
}

json tokens_of(const json& object) {
  json tokens;
  for (const auto* name : {"prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens", "reasoning_tokens"})
    tokens[name] = object.at(name);
  return tokens;
}

const json detailed_tokens{{"prompt_tokens", 1000},
                           {"completion_tokens", 200},
                           {"total_tokens", 1200},
                           {"cached_tokens", 400},
                           {"reasoning_tokens", 50}};

/// A gateway before an upstream that charges, in millionths of a dollar: 100 for a token of the prompt, 50 for one from
/// the cache, 400 for one of the answer.
struct cost_fixture : gateway_fixture {
  cost_fixture() {
    add_upstream(upstream.base_url());
    settings.models["gpt"].cost = price{100'000'000, 400'000'000, 50'000'000};
  }

  void begin() {
    open();
    REQUIRE(admin("PUT", "/admin/tenants/acme", R"({"limits":{"budget_usd_per_month":1000}})").status == 200);
    key = make_key({{"tenant_id", "acme"}, {"limits", {{"budget_usd_per_day", 100}}}});
  }

  /// The record of a request that was served.
  json serve(bool stream) {
    const auto answer = complete(key.at("key"), chat_body("gpt", stream));
    REQUIRE(answer.status == 200);
    return wait_for_record(answer.header("X-Request-ID"));
  }

  json report(const std::string& groups) const {
    const auto answer = admin("GET", "/admin/usage?tenant_id=acme&group_by=" + groups);
    REQUIRE(answer.status == 200);
    return answer.json();
  }

  void check_budgets(double dollars) const {
    const auto path = "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage";
    const auto shown = admin("GET", path).json();
    for (const auto& budget :
         {shown.at("limits").at("budget_usd_per_day"), shown.at("tenant_limits").at("budget_usd_per_month")}) {
      CHECK(budget.at("used").get<double>() == Approx(dollars));
      CHECK(budget.at("held") == 0.0);
    }
  }

  scripted_upstream upstream;
  json key;
};

TEST_CASE_METHOD(cost_fixture, "cached and reasoning tokens and the cost are in record, report and limits alike",
                 "[acceptance]") {
  const bool stream = GENERATE(false, true);
  INFO("stream: " << stream);
  begin();
  upstream.next(answer_using(detailed_usage, stream));
  const auto record = serve(stream);
  CHECK(tokens_of(record) == detailed_tokens);
  CHECK(record.at("cost_usd") == 0.16); // 600 x 100, 400 x 50 and 200 x 400.
  CHECK(record.at("usage_source") == "provider");
  CHECK(record.at("counted") == true);

  const auto rows = report("model,day");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("model") == "gpt");
  CHECK(rows[0].at("day") == record.at("created_at").get<std::string>().substr(0, 10));
  CHECK(rows[0].at("requests") == 1);
  CHECK(rows[0].at("errors") == 0);
  CHECK(tokens_of(rows[0]) == detailed_tokens);
  CHECK(rows[0].at("cost_usd") == 0.16);

  check_budgets(0.16);
  CHECK(usage(key).at("daily_tokens").at("used") == 1200);
}

TEST_CASE_METHOD(cost_fixture, "a fallback's answer is priced as the fallback's", "[acceptance]") {
  const bool stream = GENERATE(false, true);
  INFO("stream: " << stream);
  settings.models["gpt"].fallbacks = {"spare"};
  settings.models["spare"] = settings.models["gpt"];
  settings.models["spare"].fallbacks = {};
  settings.models["spare"].targets[0].model = "spare-model";
  settings.models["spare"].cost = price{1'000'000, 10'000'000, 0};
  begin();
  upstream.next(answer_with(500, "{}"));
  upstream.next(answer_using(detailed_usage, stream));
  const auto record = serve(stream);
  CHECK(record.at("model") == "gpt");
  CHECK(record.at("upstream_model") == "spare-model");
  CHECK(record.at("attempts") == 2);
  CHECK(record.at("cost_usd") == 0.0026); // 600 x 1, nothing for the cache, 200 x 10.
  CHECK(report("model").at(0).at("cost_usd") == 0.0026);
  check_budgets(0.0026);
  CHECK(usage(key).at("daily_requests").at("used") == 1);
}

TEST_CASE_METHOD(cost_fixture, "whatever was charged adds up to the same in records, reports and budgets",
                 "[acceptance]") {
  begin();
  upstream.next(answer_using(detailed_usage, false));
  upstream.next(answer_using({{"prompt_tokens", 7}, {"completion_tokens", 3}}, true));
  // Neither says what it used: it is estimated, and has its price too.
  upstream.next(answer_with(200, with_usage(completion("hello there"), nullptr)));
  upstream.next(stream_of({text_chunk("hello"), finish_chunk(), "[DONE]"}));
  double dollars = 0;
  std::uint64_t tokens = 0;
  for (const bool stream : {false, true, false, true}) {
    const auto record = serve(stream);
    CHECK(record.at("cost_usd").get<double>() > 0);
    dollars += record.at("cost_usd").get<double>();
    tokens += record.at("total_tokens").get<std::uint64_t>();
  }
  const auto rows = report("key_id");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("requests") == 4);
  CHECK(rows[0].at("total_tokens") == tokens);
  CHECK(rows[0].at("cost_usd").get<double>() == Approx(dollars));
  check_budgets(dollars);
  CHECK(usage(key).at("daily_tokens").at("used") == tokens);
}

TEST_CASE_METHOD(cost_fixture, "a model without a price is served on an empty budget", "[acceptance]") {
  open();
  key = make_key({{"tenant_id", "acme"}, {"limits", {{"budget_usd_per_day", 0}}}});
  CHECK(complete(key.at("key"), chat_body("gpt")).status == 429);
  const auto free = complete(key.at("key"), chat_body("echo"));
  CHECK(free.status == 200);
  CHECK(wait_for_record(free.header("X-Request-ID")).at("cost_usd") == 0.0);
}

} // namespace
} // namespace gateway

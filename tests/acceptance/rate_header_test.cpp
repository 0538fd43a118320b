#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <regex>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

/// 60 whole seconds and the one that runs.
const std::string within_a_minute = R"(1m[01](\.\d+)?s|\d{1,2}(\.\d+)?s)";

struct header_fixture : gateway_fixture {
  header_fixture() {
    add_upstream(upstream.base_url());
    open();
  }

  /// Limits far from each other: of requests 100, 200, 300, 400, of tokens thousandfold; `order` says which comes when.
  void limit(const std::vector<std::string>& order) {
    json of_key{{"tenant_id", "acme"}, {"limits", json::object()}};
    json of_tenant{{"quota", json::object()}, {"limits", json::object()}};
    std::uint64_t most = 0;
    for (const auto& name : order) {
      most += 100;
      if (name == "key's day") {
        of_key["quota_daily_requests"] = most;
        of_key["quota_daily_tokens"] = most * 1000;
        continue;
      }
      auto& limits = name == "key's minute" ? of_key["limits"] : of_tenant[name == "tenant's day" ? "quota" : "limits"];
      const bool daily = name == "tenant's day";
      limits[daily ? "daily_requests" : "requests_per_minute"] = most;
      limits[daily ? "daily_tokens" : "tokens_per_minute"] = most * 1000;
    }
    REQUIRE(admin("PUT", "/admin/tenants/acme", of_tenant.dump()).status == 200);
    key = make_key(of_key);
  }

  /// What the headers say of requests and of tokens, whole.
  static void check_headers(const http_response& answer, const std::string& left, bool of_minute) {
    CHECK(answer.header("x-ratelimit-limit-requests") == "100");
    CHECK(answer.header("x-ratelimit-remaining-requests") == left);
    CHECK(answer.header("x-ratelimit-limit-tokens") == "100000");
    const auto tokens = std::stoul(answer.header("x-ratelimit-remaining-tokens"));
    CHECK(tokens < 100'000);
    CHECK(tokens > 80'000);
    const std::regex shape(of_minute ? within_a_minute : std::string(R"((\d+h)?(\d+m)?\d+(\.\d+)?s)"));
    for (const auto* name : {"x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"}) {
      INFO(answer.header(name));
      CHECK(std::regex_match(answer.header(name), shape));
      CHECK(count_headers(answer.headers, name) == 1);
    }
  }

  http_response ask(bool stream = false) const { return complete(key.at("key"), chat_body("gpt", stream)); }

  /// What is used and held of each limit.
  json taken() const {
    json all;
    const auto shown = usage(key);
    for (const auto& [name, limit] : shown.items()) all[name] = {limit.at("used"), limit.at("held")};
    return all;
  }

  scripted_upstream upstream;
  json key;
};

const std::vector<std::string> every_limit{"key's day", "key's minute", "tenant's day", "tenant's minute"};

TEST_CASE_METHOD(header_fixture, "the headers tell of the tightest limit, whoever's it is and of whatever time",
                 "[acceptance]") {
  auto order = every_limit;
  const auto first = GENERATE(range(0, 4));
  std::rotate(order.begin(), order.begin() + first, order.end());
  INFO(order.front());
  limit(order);
  check_headers(ask(), "99", order.front().ends_with("minute"));
}

TEST_CASE_METHOD(header_fixture, "every answer of a model has the headers, also a stream and an upstream's failure",
                 "[acceptance]") {
  limit(every_limit);
  check_headers(ask(), "99", false);
  upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  check_headers(ask(true), "98", false);
  // Each of them counts, since it reached the upstream, except what the upstream refused.
  upstream.next(answer_with(400, R"({"error":{"message":"no"}})"));
  const auto rejected = ask();
  CHECK(rejected.status == 400);
  check_headers(rejected, "97", false);
  const auto left = usage(key).at("daily_requests").at("remaining").get<int>();
  upstream.next(answer_with(503, "{}"));
  const auto failed = ask();
  CHECK(failed.status == 502);
  check_headers(failed, std::to_string(left - 1), false);
  upstream.next(answer_with(429, "{}", {{"x-ratelimit-limit-requests", "7"}}));
  const auto limited = ask(true);
  CHECK(limited.status == 429);
  CHECK(count_headers(limited.headers, "x-ratelimit-limit-requests") == 1);
  CHECK(limited.header("x-ratelimit-limit-requests") == "100");
}

TEST_CASE_METHOD(header_fixture, "a refusal has the headers of what refused, and a limit at its end says 0",
                 "[acceptance]") {
  const std::string name = GENERATE("requests_per_minute", "tokens_per_minute");
  key = make_key({{"tenant_id", "acme"}, {"limits", {{name, name == "requests_per_minute" ? 1 : 5000}}}});
  upstream.next(answer_with(200, completion("hello", 1000, 4000)));
  const auto served = ask();
  CHECK(served.status == 200);
  const auto refused = ask();
  CHECK(refused.status == 429);
  const std::string unit = name == "requests_per_minute" ? "requests" : "tokens";
  CHECK(refused.header("x-ratelimit-limit-" + unit) == (unit == "requests" ? "1" : "5000"));
  CHECK(refused.header("x-ratelimit-remaining-" + unit) == "0");
  CHECK(std::regex_match(refused.header("x-ratelimit-reset-" + unit), std::regex(within_a_minute)));
}

TEST_CASE_METHOD(header_fixture, "what is no call of a model neither counts nor has the headers", "[acceptance]") {
  limit(every_limit);
  const auto id = key.at("key_id").get<std::string>();
  const auto before = taken();
  auto operators = with_key(key.at("key"));
  operators.emplace_back("X-Admin-Token", settings.admin.token.reveal());
  for (const auto& path :
       {std::string("/v1/models"), std::string("/v1/models/gpt"), std::string("/healthz"), std::string("/readyz"),
        std::string("/version"), std::string("/metrics"), std::string("/admin/keys"), "/admin/keys/" + id,
        "/admin/keys/" + id + "/usage", std::string("/admin/audit?tenant_id=acme"), std::string("/admin/usage"),
        std::string("/admin/upstreams"), std::string("/admin/tenants/acme")}) {
    INFO(path);
    const auto answer = call("GET", path, operators);
    CHECK(answer.status == 200);
    CHECK_FALSE(answer.has("x-ratelimit-limit-requests"));
  }
  CHECK(call("POST", "/v1/chat/completions", with_key("gw_wrong"), chat_body()).status == 401);
  CHECK(complete(key.at("key"), "{").status == 400);
  CHECK(complete(key.at("key"), chat_body("none")).status == 404);
  CHECK(taken() == before);
}

} // namespace
} // namespace gateway

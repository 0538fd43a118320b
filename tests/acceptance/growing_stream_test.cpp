#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

/// Streams of a model that is taken to say 100 tokens unless its caller names another number.
struct growing_fixture : stream_fixture {
  growing_fixture() {
    gateway.settings.models["gpt"].max_output_tokens = 100;
    gateway.settings.models["gpt"].cost = price{0, 1'000'000'000, 0}; // A thousandth of a dollar for a token.
  }

  void open_with(json fields, const json& tenant = json::object()) {
    open();
    REQUIRE(gateway.admin("PUT", "/admin/tenants/acme", tenant.dump()).status == 200);
    fields["tenant_id"] = "acme";
    key = gateway.make_key(fields);
  }

  /// The upstream speaks until nobody listens, or so many tokens.
  void speak(int most) {
    upstream.next([most](upstream_talk& talk) {
      talk.start_events();
      for (int i = 0; i < most; ++i)
        if (!talk.send_event(text_chunk("on"))) return talk.close();
      talk.send_event(finish_chunk());
      talk.send_event(usage_chunk(9, most));
      talk.send_event("[DONE]");
      talk.finish_events();
    });
  }

  json shown() const {
    const auto path = "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage";
    return gateway.admin("GET", path).json();
  }
};

TEST_CASE_METHOD(growing_fixture, "a stream without a maximum may grow as far as its limits go", "[acceptance]") {
  open_with({{"quota_daily_tokens", 5000}, {"limits", {{"tokens_per_minute", 5000}, {"budget_usd_per_day", 5}}}},
            {{"quota", {{"daily_tokens", 5000}}}});
  speak(3000);
  CHECK(ask().status == 200);
  const auto events = read_events();
  CHECK(events.size() == 3002);
  CHECK(events.back() == "[DONE]");
  CHECK(caller->body_is_whole());
  for (const auto& limits : {shown().at("limits"), shown().at("tenant_limits")}) {
    CHECK(limits.at("daily_tokens").at("used") == 3009);
    CHECK(limits.at("daily_tokens").at("held") == 0);
  }
  CHECK(shown().at("limits").at("tokens_per_minute").at("used") == 3009);
  CHECK(shown().at("limits").at("budget_usd_per_day").at("used") == 3.0);
  CHECK(shown().at("limits").at("daily_requests").at("used") == 1);
}

TEST_CASE_METHOD(growing_fixture, "what a stream holds grows while it runs, and never beyond a limit", "[acceptance]") {
  open_with({{"quota_daily_tokens", 1000}});
  gate go_on;
  upstream.next([go_on](upstream_talk& talk) {
    talk.start_events();
    for (int i = 0; i < 400; ++i) talk.send_event(text_chunk("on"));
    go_on.pass();
    stream_of({})(talk);
  });
  CHECK(ask().status == 200);
  for (int i = 0; i < 400; ++i) REQUIRE(caller->read_event());
  const auto tokens = shown().at("limits").at("daily_tokens");
  CHECK(tokens.at("held") >= 400);
  CHECK(tokens.at("held") <= 1000);
  CHECK(tokens.at("used") == 0);
  // What it holds is nobody else's.
  auto other = json::parse(chat_body("gpt"));
  other["max_tokens"] = 600;
  CHECK(gateway.complete(key.at("key"), other.dump()).status == 429);
  go_on.open();
}

struct growth_limit {
  std::string name;
  std::string scope;
  json key;
  json tenant = json::object();
};

std::vector<growth_limit> growth_limits() {
  return {{"daily_tokens", "key", {{"quota_daily_tokens", 300}}},
          {"tokens_per_minute", "key", {{"limits", {{"tokens_per_minute", 300}}}}},
          {"budget_usd_per_day", "key", {{"limits", {{"budget_usd_per_day", 0.3}}}}},
          {"budget_usd_per_month", "key", {{"limits", {{"budget_usd_per_month", 0.3}}}}},
          {"daily_tokens", "tenant", json::object(), {{"quota", {{"daily_tokens", 300}}}}},
          {"budget_usd_per_day", "tenant", json::object(), {{"limits", {{"budget_usd_per_day", 0.3}}}}}};
}

TEST_CASE_METHOD(growing_fixture, "a stream that may not grow ends with the refusal, and what passed is charged",
                 "[acceptance]") {
  const auto what = growth_limits().at(static_cast<std::size_t>(GENERATE(range(0, 6))));
  INFO(what.scope << " " << what.name);
  open_with(what.key, what.tenant);
  speak(1'000'000);
  const auto head = ask();
  CHECK(head.status == 200);
  const auto events = read_events();
  CHECK_FALSE(caller->body_is_whole());
  CHECK(caller->is_closed());
  upstream.wait_for_ends(1); // Nobody goes on paying for it.

  REQUIRE(events.size() > 50);
  CHECK(events.size() < 300);
  for (std::size_t i = 0; i + 1 < events.size(); ++i) REQUIRE(events[i] == text_chunk("on"));
  const auto error = json::parse(events.back()).at("error");
  CHECK(error.at("code") == "PLATFORM_QUOTA_EXCEEDED");
  CHECK(error.at("type") == "platform");
  CHECK(error.at("details").at("limit") == what.name);
  CHECK(error.at("details").at("scope") == what.scope);
  CHECK(error.at("request_id") == head.header("X-Request-ID"));

  const auto record = gateway.wait_for_record(head.header("X-Request-ID"));
  CHECK(record.at("status") == 200);
  CHECK(record.at("error_code") == "PLATFORM_QUOTA_EXCEEDED");
  CHECK(record.at("usage_source") == "estimated");
  CHECK(record.at("counted") == true);
  CHECK(record.at("completion_tokens") >= events.size() - 1);
  const auto limits = shown();
  CHECK(limits.at("limits").at("daily_tokens").at("used") == record.at("total_tokens"));
  CHECK(limits.at("limits").at("daily_tokens").at("held") == 0);
  const auto& limit = limits.at(what.scope == "key" ? "limits" : "tenant_limits").at(what.name);
  const bool is_money = what.name.starts_with("budget");
  CHECK(limit.at("used") == record.at(is_money ? "cost_usd" : "total_tokens"));
  CHECK(limit.at("used") <= limit.at("limit"));
}

TEST_CASE_METHOD(growing_fixture, "a stream with a maximum holds all of it from the start, and is never cut for it",
                 "[acceptance]") {
  open_with({{"quota_daily_tokens", 450}});
  auto body = json::parse(chat_body("gpt", true));
  body["max_tokens"] = 400;
  speak(400);
  CHECK(ask(body.dump()).status == 200);
  CHECK(read_events().back() == "[DONE]");
  CHECK(shown().at("limits").at("daily_tokens").at("used") == 409);
}

} // namespace
} // namespace gateway

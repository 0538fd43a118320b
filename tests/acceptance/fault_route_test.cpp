#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/fault_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("fault: a fallback model answers, and the record has its upstream, its model and its usage", "[acceptance]") {
  fault_fixture it;
  it.add_fallback();
  it.open();
  it.primary.always(answer_with(503, "{}"));
  it.spare.next(answer_with(200, completion("from the spare", 30, 12)));
  const auto seen = it.ask("503 for ever, fallback");
  CHECK(seen.head.status == 200);
  CHECK(seen.head.header("x-gateway-upstream") == "spare");
  CHECK(seen.head.header("x-gateway-attempts") == "4");
  CHECK(seen.record.at("model") == "gpt");
  CHECK(seen.record.at("upstream") == "spare");
  CHECK(seen.record.at("upstream_model") == "spare-name");
  CHECK(seen.record.at("prompt_tokens") == 30);
  CHECK(seen.record.at("completion_tokens") == 12);
  CHECK(json::parse(it.spare.requests().at(0).body).at("model") == "spare-name");
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 42);
}

TEST_CASE("fault: a stream that is cut before its first event falls back, and a refusal there is passed on",
          "[acceptance]") {
  fault_fixture it;
  it.gpt().retries = 0;
  it.add_fallback();
  it.open();
  it.primary.always([](upstream_talk& talk) {
    talk.start_events();
    talk.close();
  });
  it.spare.next(answer_with(400, R"({"error":{"message":"bad tool"}})"));
  const auto seen = it.ask("cut, and a fallback that refuses", true);
  CHECK(seen.head.status == 400);
  CHECK(seen.attempts() == 2);
  CHECK(seen.record.at("error_code") == "UPSTREAM_REJECTED");
}

TEST_CASE("fault: a key that may not use the fallback does not get it", "[acceptance]") {
  fault_fixture it;
  it.add_fallback();
  it.open();
  it.key = it.gateway.make_key({{"tenant_id", "acme"}, {"models", {"gpt"}}});
  it.primary.always(answer_with(503, "{}"));
  CHECK(it.ask("503 for ever, fallback not allowed").head.status == 502);
  CHECK(it.spare.requests().empty());
}

TEST_CASE("fault: a prompt that is too long goes to the model for long ones", "[acceptance]") {
  fault_fixture it;
  it.add_fallback();
  it.gpt().fallbacks.clear();
  const bool larger = GENERATE(true, false);
  if (larger) it.gpt().context_window_fallbacks = {"spare-model"};
  it.open();
  it.primary.always(too_long());
  const auto seen = it.ask(larger ? "context length exceeded, larger model" : "context length exceeded");
  CHECK(seen.head.status == (larger ? 200 : 400));
  CHECK(seen.attempts() == (larger ? 2 : 1));
  if (!larger) CHECK(seen.code() == "UPSTREAM_REJECTED");
}

TEST_CASE("fault: a content filter's refusal is passed on, and not repeated", "[acceptance]") {
  fault_fixture it;
  it.add_fallback();
  it.open();
  it.primary.always(answer_with(400, R"({"error":{"message":"filtered","code":"content_filter"}})"));
  const auto seen = it.ask("content filter");
  CHECK(seen.head.status == 400);
  CHECK(seen.attempts() == 1);
  CHECK(seen.error().at("details").at("upstream").at("error").at("code") == "content_filter");
}

TEST_CASE("fault: a primary that is down is left alone, and used again when it is back", "[acceptance]") {
  fault_fixture it;
  it.add_spare_target();
  it.gateway.settings.upstreams["provider"].breaker = {.consecutive_failures = 2, .open_for = 300ms};
  it.open();
  it.primary.always(answer_with(503, "{}"));
  for (int i = 0; i < 4; ++i) CHECK(it.ask("primary down").record.at("upstream") == "spare");
  CHECK(it.primary.requests().size() == 2);
  CHECK(it.gateway.upstream_status().at("breaker") == "open");
  CHECK(it.gateway.upstream_status().at("healthy") == false);
  it.primary.always(answer_with(200, completion("back")));
  const auto end = std::chrono::steady_clock::now() + patience;
  std::string where;
  while (where != "provider" && std::chrono::steady_clock::now() < end)
    where = it.ask("primary up again").record.at("upstream");
  CHECK(where == "provider");
  CHECK(it.gateway.upstream_status().at("breaker") == "closed");
}

TEST_CASE("fault: with the only target's breaker open requests fail at once, and say for how long", "[acceptance]") {
  fault_fixture it;
  it.gpt().retries = 0;
  it.gateway.settings.upstreams["provider"].breaker = {.consecutive_failures = 1, .open_for = 60s};
  it.open();
  it.primary.always(answer_with(503, "{}"));
  it.ask("503, breaker opens");
  const auto seen = it.ask("breaker open");
  check_failure(seen.head, 502, "UPSTREAM_UNAVAILABLE");
  CHECK(seen.error().at("retry_after") == 60);
  CHECK(seen.attempts() == 0);
  CHECK(it.primary.requests().size() == 1);
}

TEST_CASE("fault: a key that the provider refuses is set aside for the next one", "[acceptance]") {
  fault_fixture it;
  it.gateway.settings.upstreams["provider"].api_keys = {secret("bad"), secret("good")};
  it.open();
  it.primary.always([](upstream_talk& talk) {
    const bool good = talk.asked.header("Authorization") == "Bearer good";
    answer_with(good ? 200 : 401, good ? completion("hello") : "{}")(talk);
  });
  CHECK(it.ask("401 of one of two keys").attempts() == 2);
  for (int i = 0; i < 3; ++i) CHECK(it.ask("after it").attempts() == 1);
  CHECK(it.gateway.upstream_status().at("credentials") == json{{"count", 2}, {"set_aside", 1}, {"resting", 0}});
}

TEST_CASE("fault: a key that is rate limited rests while the other one serves", "[acceptance]") {
  fault_fixture it;
  it.gateway.settings.upstreams["provider"].api_keys = {secret("one"), secret("two")};
  it.open();
  it.primary.next(answer_with(429, "{}", {{"Retry-After", "60"}}));
  const auto seen = it.ask("429 of one of two keys");
  CHECK(seen.head.status == 200);
  CHECK(seen.took < 5s);
  const auto asked = it.primary.requests();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].header("Authorization") != asked[1].header("Authorization"));
}

TEST_CASE("fault: an alias is its model, for the route and for the key", "[acceptance]") {
  fault_fixture it;
  it.gpt().aliases = {"clever"};
  it.open();
  it.key = it.gateway.make_key({{"tenant_id", "acme"}, {"models", {"gpt"}}});
  CHECK(it.gateway.call("GET", "/v1/models/clever", with_key(it.key.at("key"))).status == 200);
  const auto seen = it.ask("alias", false, "clever");
  CHECK(seen.head.status == 200);
  CHECK(seen.record.at("model") == "clever");
  CHECK(json::parse(it.primary.requests().at(0).body).at("model") == "provider-model");
}

} // namespace
} // namespace gateway

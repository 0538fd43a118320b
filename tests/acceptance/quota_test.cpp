#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

std::string chat_with_max(int max_tokens) {
  auto body = json::parse(chat_body("gpt"));
  body["max_tokens"] = max_tokens;
  return body.dump();
}

/// A gateway before an upstream that says how much it used.
struct fixture {
  fixture() {
    gateway.add_upstream(upstream.base_url());
    gateway.open();
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
};

/// Checks a refusal for this limit, and that it says when it can be tried again.
json check_exceeded(const http_response& answer, const std::string& limit) {
  auto error = check_failure(answer, 429, "PLATFORM_QUOTA_EXCEEDED");
  CHECK(error.at("details").at("limit") == limit);
  const auto resets_at = from_rfc3339(error.at("details").at("resets_at").get<std::string>());
  REQUIRE(resets_at);
  CHECK(*resets_at == end_of(day_of(*resets_at - std::chrono::seconds(1))));
  const auto wait = std::chrono::ceil<std::chrono::seconds>(*resets_at - wall_clock_now());
  CHECK(error.at("retry_after").get<long>() >= wait.count());
  CHECK(error.at("retry_after").get<long>() <= wait.count() + 10);
  return error;
}

TEST_CASE("the last request of the day is served, the next one is refused until midnight", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 3}});
  for (int i = 0; i < 3; ++i) CHECK(it.gateway.complete(key.at("key"), chat_body()).status == 200);
  const auto before = it.gateway.usage(key);
  for (int i = 0; i < 2; ++i) check_exceeded(it.gateway.complete(key.at("key"), chat_body()), "daily_requests");
  check_exceeded(it.gateway.complete(key.at("key"), chat_body("gpt", true)), "daily_requests");
  check_exceeded(it.gateway.chat(key.at("key")), "daily_requests");
  CHECK(it.gateway.usage(key) == before);
  CHECK(before.at("daily_requests").at("used") == 3);
  CHECK(before.at("daily_requests").at("remaining") == 0);
  CHECK(it.upstream.requests().size() == 3);

  it.gateway.admin("PATCH", "/admin/keys/" + key.at("key_id").get<std::string>(), R"({"quota_daily_requests":4})");
  CHECK(it.gateway.complete(key.at("key"), chat_body()).status == 200);
  CHECK(it.gateway.complete(key.at("key"), chat_body()).status == 429);
}

TEST_CASE("a request is refused when the most that it could use is not left", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 200}});
  it.upstream.next(answer_with(200, completion("hello", 10, 90)));
  check_exceeded(it.gateway.complete(key.at("key"), chat_body()), "daily_tokens"); // The model's default is 4096.
  check_exceeded(it.gateway.complete(key.at("key"), chat_with_max(200)), "daily_tokens");
  CHECK(it.gateway.usage(key).at("daily_requests").at("used") == 0);
  CHECK(it.gateway.complete(key.at("key"), chat_with_max(100)).status == 200);
  CHECK(it.gateway.usage(key).at("daily_tokens").at("used") == 100);
  const auto error = check_exceeded(it.gateway.complete(key.at("key"), chat_with_max(100)), "daily_tokens");
  CHECK(error.at("details").at("remaining") == "100");
  CHECK(it.gateway.complete(key.at("key"), chat_with_max(50)).status == 200);
  CHECK(it.upstream.requests().size() == 2);
}

TEST_CASE("what a request holds is given back as soon as it is known that it used less", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 1000}});
  gate go_on;
  it.upstream.next([=](upstream_talk& talk) {
    go_on.pass();
    answer_with(200, completion("hello", 10, 20))(talk);
  });
  http_client caller(it.gateway.port());
  caller.send(request_text("POST", "/v1/chat/completions", with_key(key.at("key")), chat_with_max(900)));
  it.upstream.wait_for_request();
  const auto during = it.gateway.usage(key);
  CHECK(during.at("daily_tokens").at("held") > 900);
  CHECK(during.at("daily_tokens").at("used") == 0);
  CHECK(during.at("daily_requests").at("held") == 1);
  check_exceeded(it.gateway.complete(key.at("key"), chat_with_max(900)), "daily_tokens");
  go_on.open();
  CHECK(caller.read_response().status == 200);
  const auto after = it.gateway.usage(key);
  CHECK(after.at("daily_tokens").at("used") == 30);
  CHECK(after.at("daily_tokens").at("held") == 0);
  CHECK(after.at("daily_requests").at("used") == 1);
  CHECK(it.gateway.complete(key.at("key"), chat_with_max(900)).status == 200);
}

TEST_CASE("every answer of a model says what is left of the limits", "[acceptance]") {
  fixture it;
  const auto key =
      it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 9}, {"quota_daily_tokens", 10000}});
  const auto first = it.gateway.complete(key.at("key"), chat_with_max(100));
  CHECK(first.header("x-ratelimit-limit-requests") == "9");
  CHECK(first.header("x-ratelimit-remaining-requests") == "8");
  CHECK(first.header("x-ratelimit-limit-tokens") == "10000");
  const auto left = std::stoi(first.header("x-ratelimit-remaining-tokens"));
  CHECK(left < 9900); // The prompt and 100 more are held.
  CHECK(left > 9800);
  for (const auto* name : {"x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"}) {
    const auto reset = first.header(name);
    CHECK(reset.find_first_not_of("0123456789hms.") == std::string::npos);
    CHECK_FALSE(reset.empty());
  }
  it.upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  const auto second = it.gateway.complete(key.at("key"), chat_body("gpt", true));
  CHECK(second.header("x-ratelimit-remaining-requests") == "7");
  CHECK(it.gateway.chat(key.at("key")).header("x-ratelimit-remaining-requests") == "6");
}

TEST_CASE("keys of one tenant have their own limits", "[acceptance]") {
  fixture it;
  const auto one = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 1}});
  const auto other = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 1}});
  CHECK(it.gateway.chat(one.at("key")).status == 200);
  CHECK(it.gateway.chat(one.at("key")).status == 429);
  CHECK(it.gateway.chat(other.at("key")).status == 200);
}

TEST_CASE("lists of models, probes and operators' calls never count", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 1}});
  const auto headers = with_key(key.at("key"));
  for (const auto* path : {"/v1/models", "/v1/models/gpt", "/healthz", "/readyz", "/version"}) {
    const auto answer = it.gateway.call("GET", path, headers);
    CHECK(answer.status == 200);
    CHECK_FALSE(answer.has("x-ratelimit-limit-requests"));
  }
  CHECK(it.gateway.admin("GET", "/admin/keys").status == 200);
  CHECK(it.gateway.usage(key).at("daily_requests").at("used") == 0);
  CHECK(it.gateway.complete(key.at("key"), chat_body()).status == 200);
  CHECK(it.gateway.call("GET", "/v1/models", headers).status == 200);
  CHECK(it.gateway.complete(key.at("key"), chat_body()).status == 429);
}

TEST_CASE("a refusal tells in headers what is left, and not to repeat it", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 200}});
  const auto refused = it.gateway.complete(key.at("key"), chat_with_max(500));
  check_exceeded(refused, "daily_tokens");
  CHECK(refused.json().at("error").at("details").at("scope") == "key");
  CHECK(refused.header("x-ratelimit-limit-tokens") == "200");
  CHECK(refused.header("x-ratelimit-remaining-tokens") == "200");
  CHECK(refused.header("x-should-retry") == "false");
}

/// How many of the requests of four callers, sent as fast as they can, were served.
std::size_t served(const gateway_fixture& gateway, const std::string& key, std::size_t each) {
  std::atomic<std::size_t> good{0};
  std::atomic<std::size_t> strange{0};
  std::vector<std::thread> callers;
  callers.reserve(4);
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (std::size_t j = 0; j < each; j += 5) {
        http_client caller(gateway.port());
        for (std::size_t k = 0; k < 5; ++k) {
          const auto status = caller.call("POST", "/chat", with_key(key), R"({"message":"hi","max_tokens":10})").status;
          if (status == 200) ++good;
          if (status != 200 && status != 429) ++strange;
        }
      }
    });
  for (auto& each_of_them : callers) each_of_them.join();
  CHECK(strange == 0);
  return good;
}

TEST_CASE("however many ask at once, exactly as many are served as the limit says", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (const int limit : {1, 7, 61}) {
    const auto key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", limit}});
    CHECK(served(gateway, key.at("key"), 40) == static_cast<std::size_t>(limit));
    CHECK(gateway.usage(key).at("daily_requests").at("used") == limit);
    CHECK(gateway.usage(key).at("daily_requests").at("held") == 0);
  }
}

TEST_CASE("however many ask at once, the limit of tokens is never exceeded", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 500}});
  const auto count = served(gateway, key.at("key"), 40);
  CHECK(count > 5);
  CHECK(count < 160);
  const auto tokens = gateway.usage(key).at("daily_tokens");
  CHECK(tokens.at("used") <= 500);
  CHECK(tokens.at("held") == 0);
  std::uint64_t recorded = 0;
  for (const auto& each : gateway.wait_for_records(160)) recorded += each.at("total_tokens").get<std::uint64_t>();
  CHECK(recorded == tokens.at("used"));
}

} // namespace
} // namespace gateway

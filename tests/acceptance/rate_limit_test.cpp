#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct rate_fixture : gateway_fixture {
  rate_fixture() { add_upstream(upstream.base_url()); }

  void begin(const std::string& whose, const json& limits) {
    open();
    scope = whose;
    const auto body = json{{"limits", limits}}.dump();
    if (scope == "tenant") REQUIRE(admin("PUT", "/admin/tenants/acme", body).status == 200);
    key = make_key(scope == "tenant" ? json{{"tenant_id", "acme"}} : json{{"tenant_id", "acme"}, {"limits", limits}});
  }

  static std::string body(int max_tokens, bool stream = false) {
    auto asked = json::parse(chat_body("gpt", stream));
    asked["max_tokens"] = max_tokens;
    return asked.dump();
  }
  http_response ask(int max_tokens = 10) const { return complete(key.at("key"), body(max_tokens)); }

  /// Checks that it is refused by this limit; what is under `error`.
  json check_limited(const http_response& answer, const std::string& limit) const {
    auto error = check_failure(answer, 429, "PLATFORM_RATE_LIMITED");
    CHECK(error.at("details").at("limit") == limit);
    CHECK(error.at("details").at("scope") == scope);
    return error;
  }

  void check_may_come_again(const json& error, int latest) const {
    CHECK(error.at("retry_after") >= 1);      // That the headers say the same, check_failure looks after.
    CHECK(error.at("retry_after") <= latest); // A minute is 60 whole seconds and the one that runs.
  }

  scripted_upstream upstream;
  std::string scope;
  json key;
};

TEST_CASE_METHOD(rate_fixture, "requests of a minute are refused beyond their limit, until there is room again",
                 "[acceptance]") {
  begin(GENERATE("key", "tenant"), {{"requests_per_minute", 2}});
  CHECK(ask().status == 200);
  CHECK(ask().status == 200);
  const auto before = usage(key).at("daily_requests");
  for (int i = 0; i < 3; ++i) check_may_come_again(check_limited(ask(), "requests_per_minute"), 60);
  CHECK(usage(key).at("daily_requests") == before);
  CHECK(upstream.requests().size() == 2);
}

TEST_CASE_METHOD(rate_fixture, "tokens of a minute are held by estimate and counted by use", "[acceptance]") {
  begin(GENERATE("key", "tenant"), {{"tokens_per_minute", 200}});
  upstream.next(answer_with(200, completion("hello", 10, 90)));
  CHECK(ask(100).status == 200);
  const auto error = check_limited(ask(120), "tokens_per_minute");
  check_may_come_again(error, 60);
  CHECK(error.at("details").at("remaining") == "100");
  CHECK(ask(50).status == 200);
}

TEST_CASE_METHOD(rate_fixture, "who asks for more than a minute ever has is not told to ask again", "[acceptance]") {
  const auto [limit, most] = GENERATE(std::pair{"requests_per_minute", 0}, std::pair{"tokens_per_minute", 50},
                                      std::pair{"concurrent_requests", 0});
  INFO(limit);
  begin(GENERATE("key", "tenant"), {{limit, most}});
  const auto refused = ask(100);
  CHECK(check_limited(refused, limit).at("retry_after") == 0);
  CHECK_FALSE(refused.has("Retry-After"));
  CHECK(refused.header("x-should-retry") == "false");
  CHECK(upstream.requests().empty());
}

/// The ways in which a request gives its slot back.
struct ending {
  std::string name;
  bool stream;
  script upstream;
  bool leaves; ///< The caller, while the upstream works.
};

std::vector<ending> endings(const gate& held) {
  const auto held_back = [held](const script& then) {
    return [held, then](upstream_talk& talk) {
      held.pass();
      then(talk);
    };
  };
  const auto until_cut = [](upstream_talk& talk) { talk.wait_for_end(); };
  const auto broken = [](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.reset();
  };
  return {
      {"an answer", false, held_back(answer_with(200, completion("hello"))), false},
      {"a stream", true, held_back(stream_of({text_chunk("one"), finish_chunk(), "[DONE]"})), false},
      {"an upstream's error", false, held_back(answer_with(500, "{}")), false},
      {"an upstream's refusal", false, held_back(answer_with(400, R"({"error":{"message":"no"}})")), false},
      {"a reset", false, held_back([](upstream_talk& talk) { talk.reset(); }), false},
      {"a broken stream", true, held_back(broken), false},
      {"a timeout", false, until_cut, false},
      {"a caller who leaves", false, until_cut, true},
      {"a caller who leaves before a stream", true, until_cut, true},
  };
}

TEST_CASE_METHOD(rate_fixture, "a concurrent request has its slot until it ends, in whichever way", "[acceptance]") {
  const auto number = GENERATE(range(0, 9));
  const std::string whose = number % 2 == 0 ? "key" : "tenant";
  gate held;
  const auto how = endings(held).at(static_cast<std::size_t>(number));
  INFO(how.name);
  if (how.name == "a timeout") settings.upstreams["provider"].timeouts.first_byte = 200ms;
  begin(whose, {{"concurrent_requests", 1}});
  upstream.next(how.upstream);
  std::optional<http_client> caller(port());
  auto headers = with_key(key.at("key"));
  headers.emplace_back("X-Request-ID", "first");
  caller->send(request_text("POST", "/v1/chat/completions", headers, body(10, how.stream)));
  upstream.wait_for_request();
  if (how.name != "a timeout") {
    const auto error = check_limited(ask(), "concurrent_requests");
    check_may_come_again(error, 1);
    CHECK(error.at("details").at("remaining") == "0");
  }
  if (how.leaves)
    caller.reset();
  else
    held.open();
  wait_for_record("first");
  CHECK(ask().status == 200);
  const auto shown = admin("GET", "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage").json();
  CHECK(shown.at(whose == "key" ? "limits" : "tenant_limits").at("concurrent_requests").at("held") == 0);
  CHECK(shown.at("limits").at("daily_tokens").at("held") == 0);
}

} // namespace
} // namespace gateway

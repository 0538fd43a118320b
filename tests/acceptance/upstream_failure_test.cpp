#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace gateway {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// A gateway before an upstream that fails.
struct fixture {
  fixture() { gateway.add_upstream(upstream.base_url()); }

  void open() {
    gateway.open();
    key = gateway.make_key();
  }

  /// Asks once, and checks all that has to be true after a failure, whichever it is. Returns the error.
  json refusal(int status, const std::string& code) {
    const auto answer = gateway.complete(key.at("key"), chat_body());
    auto error = check_failure(answer, status, code);
    const auto usage = gateway.usage(key);
    for (const auto* limit : {"daily_requests", "daily_tokens"}) CHECK(usage.at(limit).at("held") == 0);
    CHECK(usage.at("daily_requests").at("used") == (may_have_worked ? 1 : 0));
    const auto record = gateway.wait_for_record(answer.header("X-Request-ID"));
    CHECK(record.at("status") == status);
    CHECK(record.at("error_code") == code);
    CHECK(record.at("upstream") == "provider");
    CHECK(record.at("upstream_model") == "provider-model");
    CHECK(record.at("attempts") == 1);
    CHECK(record.at("usage_source") == (may_have_worked ? "estimated" : "unknown"));
    CHECK((record.at("prompt_tokens") > 0) == may_have_worked);
    CHECK(record.at("completion_tokens") == 0);
    CHECK(usage.at("daily_tokens").at("used") == record.at("total_tokens"));
    const auto seen = gateway.upstream_status();
    CHECK(seen.at("calls") == 1);
    CHECK(seen.at("in_flight") == 0);
    CHECK(seen.at("failures") == (code == "UPSTREAM_REJECTED" ? 0 : 1));
    CHECK(seen.at("healthy") == (code == "UPSTREAM_REJECTED"));
    CHECK(seen.at("last_error").is_string() == (code != "UPSTREAM_REJECTED"));
    return error;
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  json key;
  bool may_have_worked = false; ///< The upstream did not say that it refused: its work on the prompt is paid.
};

TEST_CASE("an upstream's failure that is none of the caller's business becomes a 502", "[acceptance]") {
  fixture it;
  it.open();
  const auto status = GENERATE(401, 403, 500, 502, 503, 529, 302, 204);
  INFO(status);
  it.upstream.next(answer_with(status, R"({"error":{"message":"the account sk-secret is out of money"}})"));
  it.may_have_worked = status == 204;
  const auto error = it.refusal(502, "UPSTREAM_UNAVAILABLE");
  CHECK(error.dump().find("sk-secret") == std::string::npos);
  CHECK(error.at("details") == json::object());
}

TEST_CASE("what the upstream refuses is passed on with its status, its message and its error", "[acceptance]") {
  fixture it;
  it.open();
  const auto status = GENERATE(400, 404, 409, 413, 422);
  INFO(status);
  const json theirs{
      {"error", {{"message", "maximum context is 8192"}, {"code", "context_length_exceeded"}, {"param", nullptr}}}};
  it.upstream.next(answer_with(status, theirs.dump(), {{"x-request-id", "req_9"}}));
  const auto error = it.refusal(status, "UPSTREAM_REJECTED");
  CHECK(error.at("message") == "maximum context is 8192");
  CHECK(error.at("details").at("upstream") == theirs);
}

TEST_CASE("a refusal that is not JSON is passed on as text", "[acceptance]") {
  fixture it;
  it.open();
  it.upstream.next(answer_with(400, "<html>nginx</html>", {{"Content-Type", "text/html"}}));
  CHECK(it.refusal(400, "UPSTREAM_REJECTED").at("details").at("upstream") == "<html>nginx</html>");
}

TEST_CASE("an upstream's rate limit is passed on with the time it names", "[acceptance]") {
  fixture it;
  it.open();
  SECTION("named") {
    it.upstream.next(answer_with(429, R"({"error":{"message":"slow down"}})", {{"Retry-After", "17"}}));
    CHECK(it.refusal(429, "UPSTREAM_RATE_LIMITED").at("retry_after") == 17);
  }
  SECTION("not named") {
    it.upstream.next(answer_with(429, "{}"));
    CHECK(it.refusal(429, "UPSTREAM_RATE_LIMITED").at("retry_after") == 1);
  }
}

TEST_CASE("an upstream that cannot be reached is a 502", "[acceptance]") {
  fixture it;
  const auto gone = loopback_socket::listen().port(); // Closed again: nobody listens there.
  it.gateway.add_upstream("http://127.0.0.1:" + std::to_string(gone) + "/v1");
  it.open();
  it.refusal(502, "UPSTREAM_UNAVAILABLE");
}

TEST_CASE("an answer that breaks is a 502", "[acceptance]") {
  fixture it;
  it.open();
  SECTION("by a reset before it began") {
    it.upstream.next([](upstream_talk& talk) { talk.reset(); });
  }
  SECTION("by an end before it began") {
    it.upstream.next([](upstream_talk& talk) { talk.close(); });
  }
  SECTION("in its header") {
    it.upstream.next([](upstream_talk& talk) {
      talk.send("HTTP/1.1 200 OK\r\nContent-Ty");
      talk.close();
    });
  }
  SECTION("in its body") {
    it.upstream.next([](upstream_talk& talk) {
      talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + completion("cut"));
      talk.close();
    });
  }
  SECTION("in a chunk") {
    it.upstream.next([](upstream_talk& talk) {
      talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
      talk.reset();
    });
  }
  SECTION("by another protocol") {
    it.upstream.next([](upstream_talk& talk) { talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"); });
  }
  SECTION("by a line in front of a piece that does not end") {
    it.upstream.next([](upstream_talk& talk) {
      talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                std::string(200'000, 'x'));
    });
  }
  SECTION("by not being HTTP") {
    it.upstream.next([](upstream_talk& talk) { talk.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"); });
  }
  SECTION("by not being JSON") { it.upstream.next(answer_with(200, "hello there")); }
  SECTION("by being half of a JSON text") { it.upstream.next(answer_with(200, R"({"id":"x","choices":[)")); }
  SECTION("by being empty") { it.upstream.next(answer_with(200, "")); }
  SECTION("by being a stream that nobody asked for") { it.upstream.next(stream_of({text_chunk("one"), "[DONE]"})); }
  it.may_have_worked = true;
  it.refusal(502, "UPSTREAM_UNAVAILABLE");
}

TEST_CASE("an upstream that takes too long is a 504 that names the phase", "[acceptance]") {
  fixture it;
  auto& timeouts = it.gateway.settings.upstreams["provider"].timeouts;
  const auto silent = [](upstream_talk& talk) { talk.wait_for_end(); };
  const auto half = [](upstream_talk& talk) {
    talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":");
    talk.wait_for_end();
  };
  std::string phase;
  SECTION("before the first byte") {
    timeouts.first_byte = 200ms;
    it.upstream.next(silent);
    phase = "first_byte";
  }
  SECTION("in all, with nothing of the answer there") {
    timeouts.total = 200ms;
    it.upstream.next(silent);
    phase = "total";
  }
  SECTION("in all, with a part of the answer there") {
    timeouts.total = 300ms;
    it.upstream.next(half);
    phase = "total";
  }
  SECTION("in the middle of the answer") {
    timeouts.between_tokens = 200ms;
    it.upstream.next(half);
    phase = "between_tokens";
  }
  it.open();
  it.may_have_worked = true;
  CHECK(it.refusal(504, "UPSTREAM_TIMEOUT").at("details") == json{{"phase", phase}});
  it.upstream.wait_for_ends(1);
}

TEST_CASE("an upstream that failed is asked again, and is healthy when it answers", "[acceptance]") {
  fixture it;
  it.gateway.settings.topology.workers = 1;
  it.open();
  it.upstream.next(answer_with(500, "{}"));
  CHECK(it.gateway.complete(it.key.at("key"), chat_body()).status == 502);
  CHECK(it.gateway.upstream_status().at("consecutive_failures") == 1);
  CHECK(it.gateway.complete(it.key.at("key"), chat_body()).status == 200);
  const auto seen = it.gateway.upstream_status();
  CHECK(seen.at("consecutive_failures") == 0);
  CHECK(seen.at("calls") == 2);
  CHECK(seen.at("failures") == 1);
  CHECK(seen.at("healthy") == true);
  CHECK(seen.at("kind") == "openai");
  CHECK(seen.at("base_url") == it.upstream.base_url());
  CHECK(it.gateway.admin("GET", "/admin/upstreams").body.find("provider-secret") == std::string::npos);
}

TEST_CASE("/chat has the upstream's failures too", "[acceptance]") {
  fixture it;
  it.gateway.settings.default_model = "gpt";
  it.open();
  const auto key = it.key.at("key").get<std::string>();
  it.upstream.next(answer_with(500, "{}"));
  check_failure(it.gateway.chat(key), 502, "UPSTREAM_UNAVAILABLE");
  it.upstream.next(answer_with(200, R"({"choices":[]})"));
  check_failure(it.gateway.chat(key), 502, "UPSTREAM_UNAVAILABLE");
  it.upstream.next(answer_with(200, completion("hello", 3, 4)));
  const auto answer = it.gateway.chat(key, "hi");
  CHECK(answer.json().at("reply") == "hello");
  CHECK(answer.json().at("echo") == "hi");
  CHECK(answer.json().at("model") == "gpt");
  CHECK(answer.json().at("usage") == json{{"prompt_tokens", 3}, {"completion_tokens", 4}, {"total_tokens", 7}});
  CHECK(json::parse(it.upstream.requests().back().body).at("messages") == json{{{"role", "user"}, {"content", "hi"}}});
}

} // namespace
} // namespace gateway

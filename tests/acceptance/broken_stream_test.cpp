#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;

/// A stream that begins well, and then goes on like this.
script begun(const script& then) {
  return [then](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.send_event(text_chunk("two"));
    then(talk);
  };
}

/// Reads a stream that breaks after its first two events; the code of the error event that ends it.
std::string code_at_the_end(stream_fixture& it) {
  const auto head = it.ask();
  CHECK(head.status == 200);
  auto events = it.read_events();
  REQUIRE(events.size() == 3);
  CHECK(events[0] == text_chunk("one"));
  CHECK(events[1] == text_chunk("two"));
  CHECK_FALSE(it.caller->body_is_whole());
  CHECK(it.caller->is_closed());
  const auto error = json::parse(events[2]).at("error");
  CHECK(error.at("type") == "upstream");
  CHECK(error.at("request_id") == head.header("X-Request-ID"));
  const auto record = it.gateway.wait_for_record(head.header("X-Request-ID"));
  CHECK(record.at("status") == 200);
  CHECK(record.at("error_code") == error.at("code"));
  CHECK(record.at("usage_source") == "estimated");
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == record.at("total_tokens"));
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
  CHECK(it.gateway.upstream_status().at("failures") == 1);
  return error.at("code");
}

TEST_CASE("a stream that the upstream cuts ends with an error event, without [DONE], and with the connection",
          "[acceptance]") {
  stream_fixture it;
  it.open();
  SECTION("by closing") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.close(); }));
  }
  SECTION("by a reset") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.reset(); }));
  }
  SECTION("with an end before the finish") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.finish_events(); }));
  }
  SECTION("with chunks that are none") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.send("zzz\r\n\r\n"); }));
  }
  SECTION("with an event that is not JSON") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.send_event("oops"); }));
  }
  SECTION("with an error of its own") {
    it.upstream.next(begun([](upstream_talk& talk) { talk.send_event(R"({"error":{"message":"overloaded"}})"); }));
  }
  CHECK(code_at_the_end(it) == "UPSTREAM_UNAVAILABLE");
}

TEST_CASE("a stream that stalls ends with a timeout event", "[acceptance]") {
  stream_fixture it;
  SECTION("between two events") {
    it.gateway.settings.upstreams["provider"].timeouts.between_tokens = std::chrono::milliseconds(200);
  }
  SECTION("for longer than a request may take") {
    it.gateway.settings.upstreams["provider"].timeouts.total = std::chrono::milliseconds(300);
  }
  it.open();
  it.upstream.next(begun([](upstream_talk& talk) { talk.wait_for_end(); }));
  CHECK(code_at_the_end(it) == "UPSTREAM_TIMEOUT");
  it.upstream.wait_for_ends(1);
}

TEST_CASE("a stream that fails before its first event is a plain error", "[acceptance]") {
  stream_fixture it;
  it.gateway.settings.upstreams["provider"].timeouts.first_token = std::chrono::milliseconds(200);
  it.open();
  const auto refusal = [&](script how, int status, const std::string& code) {
    it.upstream.next(std::move(how));
    const auto answer = it.gateway.complete(it.key.at("key"), chat_body("gpt", true));
    return check_failure(answer, status, code);
  };
  refusal(answer_with(500, "{}"), 502, "UPSTREAM_UNAVAILABLE");
  refusal(answer_with(400, R"({"error":{"message":"too long"}})"), 400, "UPSTREAM_REJECTED");
  refusal(stream_of({}), 502, "UPSTREAM_UNAVAILABLE");
  refusal(stream_of({"[DONE]"}), 502, "UPSTREAM_UNAVAILABLE");
  refusal(stream_of({"not JSON"}), 502, "UPSTREAM_UNAVAILABLE");
  refusal(stream_of({R"({"error":{"message":"overloaded","code":503}})"}), 502, "UPSTREAM_UNAVAILABLE");
  refusal(answer_with(200, completion("not a stream")), 502, "UPSTREAM_UNAVAILABLE");
  const auto late = refusal(
      [](upstream_talk& talk) {
        talk.start_events();
        talk.wait_for_end();
      },
      504, "UPSTREAM_TIMEOUT");
  CHECK(late.at("details").at("phase") == "first_token");
  refusal(answer_with(429, "{}", {{"Retry-After", "7"}}), 429, "UPSTREAM_RATE_LIMITED");
  const auto usage = it.gateway.usage(it.key);
  // Five of them did not say that they refused.
  CHECK(usage.at("daily_requests").at("used") == 5);
  CHECK(usage.at("daily_tokens").at("used") > 0);
  CHECK(usage.at("daily_tokens").at("held") == 0);
}

TEST_CASE("a caller who leaves in the middle of a stream ends the call to the upstream", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next([](upstream_talk& talk) {
    talk.start_events();
    // Until the gateway closes the connection.
    while (talk.send_event(text_chunk("on and on"))) continue;
  });
  const auto id = it.ask().header("X-Request-ID");
  it.caller->read_event();
  it.caller->close();
  it.upstream.wait_for_ends(1);
  const auto record = it.gateway.wait_for_record(id);
  CHECK(record.at("error_code") == "PLATFORM_CANCELLED");
  CHECK(record.at("completion_tokens") > 0);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
  CHECK(it.gateway.upstream_status().at("failures") == 0);
}

} // namespace
} // namespace gateway

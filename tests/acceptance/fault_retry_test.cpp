#include "tests/acceptance/fault_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("fault: a rate limit that names two seconds is waited for", "[acceptance]") {
  fault_fixture it;
  it.open();
  it.primary.next(answer_with(429, "{}", {{"Retry-After", "2"}}));
  const auto seen = it.ask("429 with Retry-After 2");
  CHECK(seen.head.status == 200);
  CHECK(seen.attempts() == 2);
  CHECK(seen.took >= 2s);
  CHECK(seen.head.header("x-gateway-attempts") == "2");
}

TEST_CASE("fault: a rate limit in milliseconds is waited for as long as it says", "[acceptance]") {
  fault_fixture it;
  it.open();
  it.primary.next(answer_with(429, "{}", {{"retry-after-ms", "150"}, {"Retry-After", "9"}}));
  const auto seen = it.ask("429 with retry-after-ms 150");
  CHECK(seen.head.status == 200);
  CHECK(seen.took >= 150ms);
  CHECK(seen.took < 9s);
}

TEST_CASE("fault: a rate limit that lasts is passed on with its time", "[acceptance]") {
  fault_fixture it;
  it.open();
  it.primary.always(answer_with(429, "{}", {{"Retry-After", "30"}}));
  const auto seen = it.ask("429 for ever, Retry-After 30");
  CHECK(seen.head.status == 429);
  CHECK(seen.code() == "UPSTREAM_RATE_LIMITED");
  CHECK(seen.head.header("Retry-After") == "30");
  CHECK(seen.attempts() == 1);
  // The key rests: nobody is asked meanwhile.
  CHECK(it.gateway.complete(it.key.at("key"), chat_body()).status == 429);
  CHECK(it.primary.requests().size() == 1);
}

TEST_CASE("fault: short rate limits for ever end when the retries do", "[acceptance]") {
  fault_fixture it;
  it.open();
  it.primary.always(answer_with(429, "{}", {{"retry-after-ms", "20"}}));
  const auto seen = it.ask("429 for ever, retry-after-ms 20");
  CHECK(seen.code() == "UPSTREAM_RATE_LIMITED");
  CHECK(seen.attempts() == 3);
}

TEST_CASE("fault: a 500 once is not seen by the caller", "[acceptance]") {
  fault_fixture it;
  it.open();
  const bool stream = GENERATE(false, true);
  it.primary.next(answer_with(500, "{}"));
  if (stream) it.primary.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  const auto seen = it.ask(stream ? "500 once, stream" : "500 once", stream);
  CHECK(seen.head.status == 200);
  CHECK(seen.attempts() == 2);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
}

TEST_CASE("fault: a 503 for ever is a 502 after the retries", "[acceptance]") {
  fault_fixture it;
  it.open();
  it.primary.always(answer_with(503, "{}"));
  const auto seen = it.ask("503 for ever");
  CHECK(seen.head.status == 502);
  CHECK(seen.code() == "UPSTREAM_UNAVAILABLE");
  CHECK(seen.attempts() == 3);
  CHECK(it.primary.requests().size() == 3);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 0);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
}

TEST_CASE("fault: answers that break before the caller has seen anything are repeated", "[acceptance]") {
  fault_fixture it;
  it.open();
  std::string what;
  SECTION("reset before headers") {
    what = "reset before headers";
    it.primary.next([](upstream_talk& talk) { talk.reset(); });
  }
  SECTION("closed before headers") {
    what = "closed before headers";
    it.primary.next([](upstream_talk& talk) { talk.close(); });
  }
  SECTION("cut body") {
    what = "body cut";
    it.primary.next([](upstream_talk& talk) {
      talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\"");
      talk.close();
    });
  }
  SECTION("HTML") {
    what = "HTML with 200";
    it.primary.next(answer_with(200, "<html>", {{"Content-Type", "text/html"}}));
  }
  SECTION("an error with 200") {
    what = "error object with 200";
    it.primary.next(answer_with(200, R"({"error":{"message":"no GPU","code":503}})"));
  }
  const auto seen = it.ask(what);
  CHECK(seen.head.status == 200);
  CHECK(seen.attempts() == 2);
}

TEST_CASE("fault: no answer at all is a 504 that names the phase, and the silent target is asked once",
          "[acceptance]") {
  fault_fixture it;
  it.timeouts().first_byte = 200ms;
  it.open();
  it.primary.always(silence());
  const auto seen = it.ask("no answer at all");
  CHECK(seen.head.status == 504);
  CHECK(seen.error().at("details").at("phase") == "first_byte");
  CHECK(seen.attempts() == 1);
  it.primary.wait_for_ends(1);
}

TEST_CASE("fault: a silent target is left for another one", "[acceptance]") {
  fault_fixture it;
  it.timeouts().first_byte = 200ms;
  it.timeouts().first_token = 200ms;
  it.add_spare_target();
  it.open();
  const bool stream = GENERATE(false, true);
  it.primary.always(stream ? script([](upstream_talk& talk) {
    talk.start_events();
    talk.wait_for_end();
  })
                           : silence());
  it.spare.always(stream ? stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"})
                         : answer_with(200, completion("hello")));
  const auto seen = it.ask(stream ? "no first token, spare target" : "no answer, spare target", stream);
  CHECK(seen.head.status == 200);
  CHECK(seen.attempts() == 2);
  CHECK(seen.record.at("upstream") == "spare");
  CHECK(it.primary.requests().size() == 1);
}

TEST_CASE("fault: a first token that comes too late is a 504", "[acceptance]") {
  fault_fixture it;
  it.timeouts().first_token = 200ms;
  it.open();
  it.primary.always([](upstream_talk& talk) {
    talk.start_events();
    talk.wait_for_end();
  });
  const auto seen = it.ask("first token late", true);
  CHECK(seen.head.status == 504);
  CHECK(seen.attempts() == 1);
}

TEST_CASE("fault: all the calls of a request fit into its total time", "[acceptance]") {
  fault_fixture it;
  it.timeouts().total = 5s;
  it.open();
  it.primary.next(answer_with(503, "{}", {{"Retry-After", "8"}}));
  const auto seen = it.ask("503 with Retry-After 8, total 5 s");
  CHECK(seen.head.status == 502);
  CHECK(seen.head.header("Retry-After") == "8");
  CHECK(seen.took < 5s);
}

} // namespace
} // namespace gateway

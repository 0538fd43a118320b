#include "tests/acceptance/fault_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string one = text_chunk("one");
const std::string two = text_chunk("two");

script begun(const script& then) {
  return [then](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(one);
    then(talk);
  };
}

TEST_CASE("fault: a stream that breaks after its first event is not repeated, and ends with an error", "[acceptance]") {
  fault_fixture it;
  it.add_spare_target();
  it.timeouts().between_tokens = 200ms;
  it.open();
  std::string what;
  std::string code = "UPSTREAM_UNAVAILABLE";
  SECTION("cut") {
    what = "stream cut in the middle";
    it.primary.next(begun([](upstream_talk& talk) { talk.reset(); }));
  }
  SECTION("closed") {
    what = "stream closed in the middle";
    it.primary.next(begun([](upstream_talk& talk) { talk.finish_events(); }));
  }
  SECTION("stalls") {
    what = "stream stalls";
    code = "UPSTREAM_TIMEOUT";
    it.primary.next(begun(silence()));
  }
  SECTION("malformed") {
    what = "malformed event";
    it.primary.next(begun([](upstream_talk& talk) { talk.send_event("{\"choices\":[{"); }));
  }
  SECTION("error event") {
    what = "error event in the middle";
    it.primary.next(begun([](upstream_talk& talk) { talk.send_event(R"({"error":{"code":429}})"); }));
  }
  const auto seen = it.ask(what, true);
  CHECK(seen.head.status == 200);
  CHECK_FALSE(seen.whole);
  REQUIRE(seen.events.size() == 2);
  CHECK(json::parse(seen.events[1]).at("error").at("code") == code);
  CHECK(seen.record.at("error_code") == code);
  CHECK(seen.attempts() == 1);
  CHECK(it.spare.requests().empty());
}

TEST_CASE("fault: a stream that breaks before its first event is repeated", "[acceptance]") {
  fault_fixture it;
  it.open();
  std::string what;
  SECTION("malformed") {
    what = "malformed first event";
    it.primary.next(stream_of({"{\"choices\":["}));
  }
  SECTION("error") {
    what = "error as first event";
    it.primary.next(stream_of({R"({"error":{"message":"overloaded","code":529}})"}));
  }
  SECTION("empty") {
    what = "stream without events";
    it.primary.next(stream_of({}));
  }
  SECTION("JSON") {
    what = "JSON in place of a stream";
    it.primary.next(answer_with(200, completion("not a stream")));
  }
  it.primary.next(stream_of({one, finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  const auto seen = it.ask(what, true);
  CHECK(seen.head.status == 200);
  CHECK(seen.events == std::vector<std::string>{one, finish_chunk(), "[DONE]"});
  CHECK(seen.attempts() == 2);
}

TEST_CASE("fault: a stream that finished without [DONE] gets one, whatever follows", "[acceptance]") {
  fault_fixture it;
  it.timeouts().between_tokens = 200ms;
  it.open();
  std::string what;
  script then;
  SECTION("end") {
    what = "no [DONE]";
    then = [](upstream_talk& talk) { talk.finish_events(); };
  }
  SECTION("reset") {
    what = "no [DONE], reset";
    then = [](upstream_talk& talk) { talk.reset(); };
  }
  SECTION("stall") {
    what = "no [DONE], stall";
    then = silence();
  }
  it.primary.next(begun([then](upstream_talk& talk) {
    talk.send_event(finish_chunk());
    then(talk);
  }));
  const auto seen = it.ask(what, true);
  CHECK(seen.events == std::vector<std::string>{one, finish_chunk(), "[DONE]"});
  CHECK(seen.whole);
  CHECK(seen.record.at("error_code").is_null());
}

TEST_CASE("fault: chunks that break clients are mended", "[acceptance]") {
  fault_fixture it;
  it.open();
  const std::string nothing = R"({"id":"x","object":"chat.completion.chunk","choices":[],"prompt_filter_results":[]})";
  it.primary.next(stream_of({nothing, one, finish_chunk(), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  const auto seen = it.ask("empty choices, a second finish", true);
  CHECK(seen.events == std::vector<std::string>{one, finish_chunk(), "[DONE]"});
  CHECK(seen.record.at("total_tokens") == 5);
}

TEST_CASE("fault: each choice finishes once, and none of them is lost", "[acceptance]") {
  fault_fixture it;
  it.open();
  const auto finish = [](int index) {
    return R"({"choices":[{"index":)" + std::to_string(index) + R"(,"delta":{},"finish_reason":"stop"}]})";
  };
  it.primary.next(stream_of({one, finish(0), finish(1), finish(0), "[DONE]"}));
  CHECK(it.ask("two choices", true).events == std::vector<std::string>{one, finish(0), finish(1), "[DONE]"});
}

TEST_CASE("fault: usage that comes with every chunk is read, and the chunks are left alone", "[acceptance]") {
  fault_fixture it;
  it.open();
  const auto chunk = [](const std::string& finish, int tokens) {
    return R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":)" + finish +
           R"(}],"usage":{"prompt_tokens":4,"completion_tokens":)" + std::to_string(tokens) + "}}";
  };
  it.primary.next(stream_of({chunk("null", 1), chunk("null", 2), chunk("\"stop\"", 3), "[DONE]"}));
  const auto seen = it.ask("usage in every chunk", true);
  CHECK(seen.events == std::vector<std::string>{chunk("null", 1), chunk("null", 2), chunk("\"stop\"", 3), "[DONE]"});
  CHECK(seen.record.at("total_tokens") == 7);
  CHECK(seen.record.at("usage_source") == "provider");
}

TEST_CASE("fault: a silent stream is kept alive with comments, if the config says so", "[acceptance]") {
  fault_fixture it;
  it.gateway.settings.timeouts.client.stream_keepalive = 100ms;
  it.open();
  gate go_on;
  it.primary.next(begun([go_on](upstream_talk& talk) {
    go_on.pass();
    talk.send_event(finish_chunk());
    talk.send_event("[DONE]");
    talk.finish_events();
  }));
  http_client caller(it.gateway.port());
  caller.send(request_text("POST", "/v1/chat/completions", with_key(it.key.at("key")), chat_body("gpt", true)));
  CHECK(caller.read_head().status == 200);
  CHECK(caller.read_event() == "data: " + one);
  CHECK(caller.read_event() == ": keep-alive");
  CHECK(caller.read_event() == ": keep-alive");
  go_on.open();
  std::vector<std::string> rest;
  while (const auto event = caller.read_event())
    if (*event != ": keep-alive") rest.push_back(*event);
  CHECK(rest == std::vector<std::string>{"data: " + finish_chunk(), "data: [DONE]"});
}

} // namespace
} // namespace gateway

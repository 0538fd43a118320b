#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;

/// The ways in which a caller leaves.
void leave(http_client& caller, const std::string& how) {
  if (how == "close") caller.close();
  if (how == "half-close") caller.finish_writing();
  if (how == "reset") caller.reset();
}

struct leaving_fixture : stream_fixture {
  void ask_and_wait(bool stream) {
    auto headers = with_key(key.at("key"));
    headers.emplace_back("X-Request-ID", "leaving");
    caller->send(request_text("POST", "/v1/chat/completions", headers, chat_body("gpt", stream)));
  }

  /// What must be true when the caller has gone.
  nlohmann::json check_gone() {
    auto record = gateway.wait_for_record("leaving");
    CHECK(record.at("error_code") == "PLATFORM_CANCELLED");
    CHECK(gateway.usage(key).at("daily_requests").at("held") == 0);
    CHECK(gateway.usage(key).at("daily_tokens").at("held") == 0);
    CHECK(gateway.upstream_status().at("in_flight") == 0);
    CHECK(gateway.upstream_status().at("failures") == 0);
    return record;
  }
};

TEST_CASE("a caller who leaves while the upstream works ends the call, and pays for its prompt", "[acceptance]") {
  leaving_fixture it;
  const auto how = GENERATE("close", "half-close", "reset");
  const bool stream = GENERATE(false, true);
  INFO(how);
  it.open();
  it.upstream.next([](upstream_talk& talk) { talk.wait_for_end(); });
  it.ask_and_wait(stream);
  it.upstream.wait_for_request();
  leave(*it.caller, how);
  it.upstream.wait_for_ends(1);
  const auto record = it.check_gone();
  CHECK(record.at("status") == 499);
  CHECK(record.at("attempts") == 1);
  CHECK(record.at("usage_source") == "estimated");
  CHECK(record.at("prompt_tokens") > 0);
  CHECK(record.at("completion_tokens") == 0);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == record.at("total_tokens"));
}

TEST_CASE("a caller who leaves a stream that is silent ends the call, and pays for what was produced", "[acceptance]") {
  leaving_fixture it;
  const auto how = GENERATE("close", "half-close", "reset");
  INFO(how);
  it.open();
  it.upstream.next([](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.send_event(text_chunk("two"));
    talk.wait_for_end();
  });
  it.ask_and_wait(true);
  CHECK(it.caller->read_head().status == 200);
  it.caller->read_event();
  it.caller->read_event();
  leave(*it.caller, how);
  it.upstream.wait_for_ends(1);
  const auto record = it.check_gone();
  CHECK(record.at("status") == 200);
  CHECK(record.at("usage_source") == "estimated");
  CHECK(record.at("completion_tokens") == 2);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == record.at("total_tokens"));
}

TEST_CASE("a caller who leaves while it waits for a connection leaves the queue", "[acceptance]") {
  leaving_fixture it;
  it.gateway.settings.upstreams["provider"].connections = 1;
  it.gateway.settings.upstreams["provider"].timeouts.connect = 9s;
  it.open();
  gate answer;
  it.upstream.next([answer](upstream_talk& talk) {
    answer.pass();
    answer_with(200, completion("first"))(talk);
  });
  http_client first(it.gateway.port());
  first.send(request_text("POST", "/v1/chat/completions", with_key(it.key.at("key")), chat_body()));
  it.upstream.wait_for_request();
  it.ask_and_wait(false);
  // A request of its own shows that the second one is in the queue: it is counted.
  const auto end = std::chrono::steady_clock::now() + patience;
  while (it.gateway.upstream_status().at("in_flight") < 2 && std::chrono::steady_clock::now() < end) continue;
  it.caller->close();
  CHECK(it.gateway.wait_for_record("leaving").at("error_code") == "PLATFORM_CANCELLED");
  answer.open();
  CHECK(first.read_response().status == 200);
  CHECK(it.upstream.requests().size() == 1);
  CHECK(it.check_gone().at("total_tokens") == 0);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
}

TEST_CASE("a caller who leaves during a wait before a retry is not served any more", "[acceptance]") {
  leaving_fixture it;
  it.gateway.settings.models["gpt"].retries = 2;
  it.open();
  it.upstream.next(answer_with(503, "{}", {{"Retry-After", "8"}}));
  it.ask_and_wait(false);
  it.upstream.wait_for_request();
  it.caller->close();
  CHECK(it.gateway.wait_for_record("leaving").at("error_code") == "PLATFORM_CANCELLED");
  CHECK(it.upstream.requests().size() == 1);
}

TEST_CASE("a caller who sends its next request early is served both, in order", "[acceptance]") {
  leaving_fixture it;
  it.open();
  gate answer;
  it.upstream.next([answer](upstream_talk& talk) {
    answer.pass();
    answer_with(200, completion("first"))(talk);
  });
  it.ask_and_wait(false);
  it.upstream.wait_for_request();
  it.caller->send(request_text("GET", "/healthz"));
  it.caller->send(request_text("POST", "/v1/chat/completions", with_key(it.key.at("key")), chat_body("echo")));
  answer.open();
  CHECK(it.caller->read_response().body == completion("first"));
  CHECK(it.caller->read_response().body == R"({"ok":true})");
  CHECK(it.caller->read_response().status == 200);
}

} // namespace
} // namespace gateway

#include "http/house.hpp"
#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <system_error>

namespace gateway {
namespace {

using nlohmann::json;

/// Waits until nobody is let in any more.
void wait_until_shut(std::uint16_t port) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    try {
      http_client visitor(port);
    } catch (const std::system_error& turned_away) {
      // Whoever stands in the door while it shuts is reset.
      if (turned_away.code() == std::errc::connection_refused) return;
      CHECK(turned_away.code() == std::errc::connection_reset);
    }
  }
  FAIL("the door stays open");
}

/// An upstream that streams two events, the second when the test says so.
script gated_stream(const gate& go_on) {
  return [go_on](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    go_on.pass();
    talk.send_event(text_chunk("two"));
    talk.send_event(finish_chunk());
    talk.send_event(usage_chunk(7, 5));
    talk.send_event("[DONE]");
    talk.finish_events();
  };
}

TEST_CASE("a drain lets an open stream finish, lets nobody in, and keeps the records", "[acceptance]") {
  stream_fixture it;
  it.open();
  gate go_on;
  it.upstream.next(gated_stream(go_on));
  http_client idle(it.gateway.port());
  CHECK(idle.call("GET", "/healthz").status == 200);
  const auto id = it.ask().header("X-Request-ID");
  CHECK(it.caller->read_event() == "data: " + text_chunk("one"));

  auto drained = std::async(std::launch::async, [&] { it.gateway.running().drain(); });
  wait_until_shut(it.gateway.port());
  CHECK(idle.is_closed());
  CHECK(drained.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  go_on.open();
  CHECK(it.read_events() == std::vector<std::string>{text_chunk("two"), finish_chunk(), "[DONE]"});
  CHECK(it.caller->body_is_whole());
  CHECK(it.caller->is_closed());
  REQUIRE(drained.wait_for(patience) == std::future_status::ready);

  it.gateway.reopen();
  const auto record = it.gateway.audit("acme", "&request_id=" + id);
  REQUIRE(record.size() == 1);
  CHECK(record[0].at("error_code").is_null());
  CHECK(record[0].at("total_tokens") == 12);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 12);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
}

TEST_CASE("a drain lets a request that waits for its upstream have its answer, and then closes", "[acceptance]") {
  stream_fixture it;
  it.open();
  gate go_on;
  it.upstream.next([=](upstream_talk& talk) {
    go_on.pass();
    answer_with(200, completion("late"))(talk);
  });
  it.caller->send(request_text("POST", "/v1/chat/completions", with_key(it.key.at("key")), chat_body()));
  it.upstream.wait_for_request();
  auto drained = std::async(std::launch::async, [&] { it.gateway.running().drain(); });
  wait_until_shut(it.gateway.port());
  go_on.open();
  CHECK(it.caller->read_response().body == completion("late"));
  CHECK(it.caller->is_closed());
  REQUIRE(drained.wait_for(patience) == std::future_status::ready);
}

TEST_CASE("a request that is on its way when a drain begins is answered, and /readyz says what is going on",
          "[acceptance]") {
  stream_fixture it;
  it.open();
  // The answer to the first shows that the start of the second is there too.
  it.caller->send(request_text("GET", "/healthz") + "GET /readyz HTTP/1.1\r\nHost");
  CHECK(it.caller->read_response().status == 200);
  auto drained = std::async(std::launch::async, [&] { it.gateway.running().drain(); });
  wait_until_shut(it.gateway.port());
  it.caller->send(": a\r\n\r\n");
  const auto answer = it.caller->read_response();
  check_failure(answer, 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(answer.header("Connection") == "close");
  CHECK(it.caller->is_closed());
  REQUIRE(drained.wait_for(patience) == std::future_status::ready);
}

TEST_CASE("a drain that takes too long cuts what is left, and still keeps its record", "[acceptance]") {
  stream_fixture it;
  it.gateway.settings.timeouts.client.drain = std::chrono::milliseconds(300);
  it.open();
  it.upstream.next([](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.wait_for_end();
  });
  const auto id = it.ask().header("X-Request-ID");
  CHECK(it.caller->read_event() == "data: " + text_chunk("one"));
  const auto start = std::chrono::steady_clock::now();
  auto drained = std::async(std::launch::async, [&] { it.gateway.running().drain(); });
  REQUIRE(drained.wait_for(patience) == std::future_status::ready);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(300));
  for (const auto& event : it.read_events()) CHECK(event != "[DONE]");
  CHECK_FALSE(it.caller->body_is_whole());
  it.upstream.wait_for_ends(1);

  it.gateway.reopen();
  const auto record = it.gateway.audit("acme", "&request_id=" + id);
  REQUIRE(record.size() == 1);
  CHECK(record[0].at("error_code") == "PLATFORM_CANCELLED");
  CHECK(record[0].at("status") == 200);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == record[0].at("total_tokens"));
}

TEST_CASE("a drain that takes too long cuts a request that has no answer yet, and says so in its record",
          "[acceptance]") {
  stream_fixture it;
  it.gateway.settings.timeouts.client.drain = std::chrono::milliseconds(200);
  it.open();
  const bool stream = GENERATE(false, true);
  it.upstream.next([](upstream_talk& talk) { talk.wait_for_end(); });
  auto headers = with_key(it.key.at("key"));
  headers.emplace_back("X-Request-ID", "cut");
  it.caller->send(request_text("POST", "/v1/chat/completions", headers, chat_body("gpt", stream)));
  it.upstream.wait_for_request();
  it.gateway.running().drain();
  CHECK(it.caller->is_closed());
  it.upstream.wait_for_ends(1);

  it.gateway.reopen();
  const auto record = it.gateway.audit("acme", "&request_id=cut");
  REQUIRE(record.size() == 1);
  CHECK(record[0].at("error_code") == "PLATFORM_CANCELLED");
  CHECK(record[0].at("status") == 499);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("held") == 0);
}

} // namespace
} // namespace gateway

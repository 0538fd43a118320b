#include "http/wire/responder.hpp"

#include "tests/http/wire/test_connection.hpp"
#include "tests/http/worker_fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

struct responder_fixture : worker_fixture {
  std::shared_ptr<wire> line = std::make_shared<wire>(here.wheel());
  test_connection peer{line};

  responder reply(responder::terms given = {.request_id = "r1"}) {
    return responder(peer, here.wheel(), 10s, std::move(given));
  }
  /// What was told since the last look.
  std::string told() {
    const auto all = line->told();
    return all.substr(std::exchange(seen_, all.size()));
  }

 private:
  std::size_t seen_ = 0;
};

failure overloaded() {
  failure why;
  why.code = ec::overloaded;
  why.message = "busy";
  why.retry_after = 2s;
  return why;
}

TEST_CASE_METHOD(responder_fixture, "a whole answer goes out in one write") {
  auto to = reply();
  to.add_header("X-One", "1");
  CHECK_FALSE(to.started());
  CHECK(run(to.send(200, "application/json", "{}")));
  CHECK(told() ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-ID: r1\r\nrequest-id: r1\r\n"
        "X-One: 1\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(line->writes() == 1);
  CHECK(to.started());
  CHECK(to.status() == 200);
  CHECK(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "a 204 has no body, and no length either") {
  auto to = reply();
  CHECK(run(to.send(204, {}, {})));
  CHECK(told() == "HTTP/1.1 204 No Content\r\nX-Request-ID: r1\r\nrequest-id: r1\r\n\r\n");
}

TEST_CASE_METHOD(responder_fixture, "HEAD gets the header of the answer, with its length, and no body") {
  auto to = reply({.request_id = "r1", .head_only = true});
  CHECK(run(to.send(200, "text/plain", "hello")));
  CHECK_THAT(told(), EndsWith("Content-Length: 5\r\n\r\n"));
}

TEST_CASE_METHOD(responder_fixture, "whether the connection goes on is said where it is not understood") {
  const auto word_of = [&](bool keep_alive, bool http_1_0) {
    auto to = reply({.request_id = "r", .keep_alive = keep_alive, .http_1_0 = http_1_0});
    run(to.send(200, {}, {}));
    CHECK(to.can_continue() == keep_alive);
    const auto text = told();
    const auto at = text.find("Connection: ");
    return at == std::string::npos ? "" : text.substr(at + 12, text.find('\r', at) - at - 12);
  };
  CHECK(word_of(true, false).empty());
  CHECK(word_of(false, false) == "close");
  CHECK(word_of(true, true) == "keep-alive");
  CHECK(word_of(false, true) == "close");
}

TEST_CASE_METHOD(responder_fixture, "a failure says when to come again, or that this is of no use") {
  auto to = reply();
  to.add_header_on_success("x-ratelimit-limit-requests", "5");
  CHECK(run(to.refuse(overloaded())));
  const auto text = told();
  CHECK_THAT(text, StartsWith("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"));
  CHECK_THAT(text, Contains("\r\nRetry-After: 2\r\n") && !Contains("x-should-retry") && !Contains("x-ratelimit"));
  const auto error = nlohmann::json::parse(text.substr(text.find("\r\n\r\n"))).at("error");
  CHECK(error.at("code") == "PLATFORM_OVERLOADED");
  CHECK(error.at("retry_after") == 2);
  CHECK(error.at("request_id") == "r1");
  auto hopeless = reply();
  CHECK(run(hopeless.refuse(fail(ec::forbidden, "no").value())));
  CHECK_THAT(told(), Contains("\r\nx-should-retry: false\r\n") && !Contains("Retry-After"));
}

TEST_CASE_METHOD(responder_fixture,
                 "a stream's header goes out with its first events, each write a chunk, and its end with the last") {
  auto to = reply();
  to.add_header_on_success("x-left", "3");
  to.start_events();
  settle();
  CHECK(told().empty());
  CHECK(to.started());
  CHECK_FALSE(to.can_continue());
  CHECK(run(to.write_events("data: 1\n\n")));
  CHECK(told() ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-ID: r1\r\nrequest-id: r1\r\nx-left: 3\r\n"
        "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n"
        "9\r\ndata: 1\n\n\r\n");
  const std::string long_event = "data: 0123456789\n\n";
  CHECK(run(to.write_events(long_event)));
  CHECK(told() == "12\r\n" + long_event + "\r\n");
  CHECK(run(to.finish_events("data: [DONE]\n\n")));
  CHECK(told() == "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
  CHECK(line->writes() == 3);
  CHECK(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "a stream of one piece goes out in one write") {
  auto to = reply();
  to.start_events();
  CHECK(run(to.finish_events("data: [DONE]\n\n")));
  CHECK_THAT(told(), StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("\r\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"));
  CHECK(line->writes() == 1);
}

TEST_CASE_METHOD(responder_fixture, "a stream with nothing left to say still ends properly") {
  auto to = reply();
  to.start_events();
  CHECK(run(to.write_events("data: 1\n\n")));
  told();
  CHECK(run(to.finish_events({})));
  CHECK(told() == "0\r\n\r\n");
}

TEST_CASE_METHOD(responder_fixture, "a stream over HTTP/1.0 has no chunks, and ends with the connection") {
  auto to = reply({.request_id = "r1", .keep_alive = true, .http_1_0 = true});
  to.start_events();
  CHECK(run(to.write_events("data: 1\n\n")));
  CHECK_THAT(told(), Contains("\r\nConnection: close\r\n") && !Contains("chunked") && EndsWith("\r\n\r\ndata: 1\n\n"));
  CHECK(run(to.finish_events("data: [DONE]\n\n")));
  CHECK(told() == "data: [DONE]\n\n");
  CHECK_FALSE(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture,
                 "a failure inside a stream is its last event, with neither [DONE] nor a last chunk") {
  auto to = reply();
  to.start_events();
  CHECK(run(to.write_events("data: 1\n\n")));
  told();
  CHECK(run(to.refuse(overloaded())));
  const auto text = told();
  const auto data = text.find("data: ");
  REQUIRE(data != std::string::npos);
  CHECK(nlohmann::json::parse(text.substr(data + 6))["error"]["code"] == "PLATFORM_OVERLOADED");
  CHECK_THAT(text, EndsWith("}}\n\n\r\n") && !Contains("[DONE]"));
  CHECK(to.status() == 200);
  CHECK_FALSE(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "a failure inside another stream than of events only leaves out its end") {
  auto to = reply();
  to.start_stream("text/csv");
  CHECK(run(to.write_events("a,b\r\n")));
  CHECK_THAT(told(), Contains("\r\nContent-Type: text/csv\r\n") && EndsWith("\r\n\r\n5\r\na,b\r\n\r\n"));
  CHECK_FALSE(run(to.refuse(overloaded())));
  CHECK(told().empty());
  CHECK_FALSE(to.ended());
  CHECK_FALSE(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "HEAD gets the header of a stream, and none of it") {
  auto to = reply({.request_id = "r1", .head_only = true});
  to.start_stream("text/csv");
  CHECK(run(to.finish_events("a,b\r\n")));
  CHECK_THAT(told(), EndsWith("Transfer-Encoding: chunked\r\n\r\n"));
  CHECK(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "a caller who is gone shows as false, and the connection is of no more use") {
  auto to = reply();
  line->vanish();
  CHECK_FALSE(run(to.send(200, "text/plain", "hello")));
  CHECK_FALSE(to.can_continue());
}

TEST_CASE_METHOD(responder_fixture, "a stream whose caller is gone shows as false at the next event") {
  auto to = reply();
  to.start_events();
  CHECK(run(to.write_events("data: 1\n\n")));
  line->vanish();
  CHECK_FALSE(run(to.write_events("data: 2\n\n")));
  CHECK_FALSE(to.can_continue());
}

} // namespace
} // namespace gateway

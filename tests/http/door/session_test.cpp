#include "http/door/session.hpp"

#include "tests/http/service_fixture.hpp"
#include "tests/http/wire/test_connection.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

const std::string health = "GET /healthz HTTP/1.1\r\nHost: h\r\nX-Request-ID: one\r\n\r\n";
const std::string nowhere = "GET /nowhere HTTP/1.1\r\nHost: h\r\nX-Request-ID: two\r\n\r\n";
const std::string chat =
    "POST /chat HTTP/1.1\r\nHost: h\r\nX-Request-ID: three\r\nX-API-Key: k\r\n"
    "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"message\":\"hi\"}";

/// A caller on a connection, and the session that serves it. There is no AUDIT: once a record has not found it, every
/// model request is refused in the same words.
struct session_fixture : service_fixture {
  ~session_fixture() {
    line->vanish();
    settle();
  }

  void begin() {
    start_session(house(), std::make_unique<test_connection>(line));
    settle();
  }

  /// Sends this and no more, and returns all that was answered.
  std::string answer_to(std::string_view bytes) {
    line = std::make_shared<wire>(here.wheel());
    begin();
    line->send(bytes);
    line->end();
    run_until([&] { return line->is_closed(); });
    return line->told();
  }

  /// There is no AUDIT here: the first record shows that, and requests are refused from then on.
  void fail_once() {
    answer_to(chat);
    run_until([&] { return house().outbox.failing(); });
  }

  std::shared_ptr<wire> line = std::make_shared<wire>(here.wheel());
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// The answers in a text: each carries one of these.
std::size_t answers(const std::string& text) { return count(text, "\r\nrequest-id: "); }

nlohmann::json error_of(const std::string& answer) {
  return nlohmann::json::parse(answer.substr(answer.rfind("\r\n\r\n"))).at("error");
}

TEST_CASE_METHOD(session_fixture,
                 "requests on one connection are answered one after the other, each under its own id") {
  begin();
  line->send(health);
  settle();
  CHECK_THAT(line->told(),
             StartsWith("HTTP/1.1 200 OK\r\n") && Contains("X-Request-ID: one\r\n") && EndsWith("{\"ok\":true}"));
  line->send(nowhere);
  settle();
  CHECK_THAT(line->told(), Contains("HTTP/1.1 404 Not Found\r\n") && Contains("X-Request-ID: two\r\n"));
  CHECK_FALSE(line->is_closed());
  line->end();
  run_until([&] { return line->is_closed(); });
  CHECK(house().sessions.size() == 0);
}

TEST_CASE_METHOD(session_fixture, "requests that come at once are answered in their order") {
  fail_once();
  const auto one_by_one = answer_to(health) + answer_to(chat) + answer_to(nowhere) + answer_to(health);
  CHECK(answer_to(health + chat + nowhere + health) == one_by_one);
  CHECK(answers(one_by_one) == 4);
}

TEST_CASE_METHOD(session_fixture, "an answer is the same wherever its request is split") {
  const auto bytes = health + chat;
  fail_once();
  const auto whole = answer_to(bytes);
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    line = std::make_shared<wire>(here.wheel());
    begin();
    line->send(bytes.substr(0, at));
    settle();
    line->send(bytes.substr(at));
    line->end();
    run_until([&] { return line->is_closed(); });
    INFO("split at " << at);
    REQUIRE(line->told() == whole);
  }
}

TEST_CASE_METHOD(session_fixture, "who asks for the connection to end is obeyed, and nothing behind it is read") {
  const auto answer = answer_to("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + health);
  CHECK(answers(answer) == 1);
  CHECK_THAT(answer, Contains("Connection: close\r\n"));
  CHECK(line->is_finished());
}

TEST_CASE_METHOD(session_fixture, "HTTP/1.0 is served, and the connection kept when it asks for that") {
  CHECK(count(answer_to("GET /healthz HTTP/1.0\r\n\r\n" + health), "HTTP/1.1 200") == 1);
  CHECK(count(answer_to("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + health), "HTTP/1.1 200") == 2);
}

TEST_CASE_METHOD(session_fixture, "HEAD is answered as GET is, without the body") {
  const auto answer = answer_to("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("Content-Length: 11\r\n\r\n"));
}

TEST_CASE_METHOD(session_fixture, "a wrong path or method does not end the connection") {
  const auto answer = answer_to("DELETE /chat HTTP/1.1\r\nHost: h\r\n\r\n" + nowhere + health);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n") && Contains("Allow: POST\r\n"));
  CHECK(answers(answer) == 3);
}

TEST_CASE_METHOD(session_fixture, "a caller's own request id is kept if it is one, and replaced if it is not") {
  const auto id_of = [&](const std::string& given) {
    const auto answer = answer_to("GET /healthz HTTP/1.1\r\nHost: h\r\nX-Request-ID: " + given + "\r\n\r\n");
    const auto at = answer.find("X-Request-ID: ") + 14;
    return answer.substr(at, answer.find('\r', at) - at);
  };
  CHECK(id_of("a.B_9-z") == "a.B_9-z");
  CHECK(id_of(std::string(128, 'x')) == std::string(128, 'x'));
  for (const auto& bad : {std::string(129, 'x'), std::string("a b"), std::string("a\"b"), std::string()}) {
    const auto id = id_of(bad);
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}

TEST_CASE_METHOD(session_fixture, "what is no request is refused in the one error shape, and the connection ends") {
  struct {
    std::string bytes;
    std::string status;
    std::string code;
  } const refused[] = {
      {"hello\r\n\r\n" + health, "400 Bad Request", "PLATFORM_REQUEST_INVALID"},
      {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'), "431 Request Header Fields Too Large",
       "PLATFORM_REQUEST_TOO_LARGE"},
      {"POST /chat HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413 Payload Too Large",
       "PLATFORM_REQUEST_TOO_LARGE"},
      {"POST /chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n" + health, "400 Bad Request",
       "PLATFORM_REQUEST_INVALID"},
      {"POST /chat HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", "400 Bad Request", "PLATFORM_REQUEST_INVALID"},
  };
  for (const auto& each : refused) {
    const auto answer = answer_to(each.bytes);
    INFO(each.bytes.substr(0, 60));
    CHECK_THAT(answer, StartsWith("HTTP/1.1 " + each.status + "\r\nContent-Type: application/json\r\nX-Request-ID: "));
    CHECK_THAT(answer, Contains("\r\nConnection: close\r\n"));
    CHECK(answers(answer) == 1);
    CHECK(error_of(answer).at("code") == each.code);
    CHECK(error_of(answer).at("request_id").get<std::string>().size() == 32);
  }
}

TEST_CASE_METHOD(session_fixture,
                 "a request without a body where one is needed is told so, and the next one is served") {
  const auto answer =
      answer_to("POST /admin/keys HTTP/1.1\r\nHost: h\r\nX-Admin-Token: dev-admin-token\r\n\r\n" + health);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n") && Contains("has no body"));
  CHECK(count(answer, "HTTP/1.1 200 OK") == 1);
}

TEST_CASE_METHOD(session_fixture, "a request that comes too slowly is told so") {
  settings.timeouts.client.header = 1ms;
  begin();
  line->send("GET /healthz HTTP/1.1\r\n");
  run_until([&] { return line->is_closed(); });
  CHECK_THAT(line->told(), StartsWith("HTTP/1.1 408 Request Timeout\r\n") && Contains("PLATFORM_REQUEST_TIMEOUT"));
}

TEST_CASE_METHOD(session_fixture, "a connection on which nothing is asked for too long ends without a word") {
  settings.timeouts.client.idle = 1ms;
  begin();
  run_until([&] { return line->is_closed(); });
  CHECK(line->told().empty());
}

TEST_CASE_METHOD(session_fixture, "while the house closes a request is still answered, as the last of its connection") {
  begin();
  line->send(health);
  settle();
  house().draining = true;
  line->send(health + health);
  settle();
  CHECK(count(line->told(), "HTTP/1.1 200") == 2);
  CHECK(count(line->told(), "Connection: close\r\n") == 1);
  CHECK(line->is_finished());
}

TEST_CASE_METHOD(session_fixture, "closing the idle sessions ends those that wait, and no other") {
  begin();
  auto busy = std::make_shared<wire>(here.wheel());
  start_session(house(), std::make_unique<test_connection>(busy));
  busy->send("GET /healthz HTTP/1.1\r\n");
  settle();
  CHECK(house().sessions.size() == 2);
  house().sessions.close_idle();
  settle();
  CHECK(line->is_closed());
  CHECK_FALSE(busy->is_closed());
  busy->send("\r\n");
  settle();
  CHECK_THAT(busy->told(), StartsWith("HTTP/1.1 200 OK\r\n"));
  // On the worker, where the sessions are: from elsewhere the cut would come when they are gone.
  asio::post(here.io(), [&] { house().sessions.close_all(); });
  settle();
  CHECK(busy->is_closed());
  CHECK(house().sessions.size() == 0);
}

TEST_CASE_METHOD(session_fixture, "a caller who leaves in the middle of a request leaves nothing behind") {
  begin();
  line->send("POST /chat HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
  settle();
  line->vanish();
  run_until([&] { return line->is_closed(); });
  CHECK(house().sessions.size() == 0);
}

TEST_CASE_METHOD(session_fixture, "while its neighbours are not there a request is told when to come again") {
  const auto answer = answer_to(chat);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n") && Contains("Retry-After: 1\r\n"));
  CHECK(error_of(answer).at("code") == "PLATFORM_DEPENDENCY_UNAVAILABLE");
}

} // namespace
} // namespace gateway

#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

TEST_CASE("requests sent all at once are answered in their order", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  http_client caller(gateway.port());
  std::string all;
  for (int i = 0; i < 30; ++i) {
    const header_list headers{{"X-API-Key", key}, {"X-Request-ID", "r" + std::to_string(i)}};
    if (i % 3 == 0) all += request_text("POST", "/chat", headers, R"({"message":"number )" + std::to_string(i) + "\"}");
    if (i % 3 == 1) all += request_text("GET", "/version", headers);
    if (i % 3 == 2) all += request_text("POST", "/nothing", headers, "{}");
  }
  caller.send(all);
  for (int i = 0; i < 30; ++i) {
    const auto answer = caller.read_response();
    CHECK(answer.header("X-Request-ID") == "r" + std::to_string(i));
    CHECK(answer.status == (i % 3 == 2 ? 404 : 200));
    if (i % 3 == 0) CHECK(answer.json().at("echo") == "number " + std::to_string(i));
  }
}

TEST_CASE("a request that comes byte by byte is a request", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  http_client caller(gateway.port());
  for (const char c : request_text("POST", "/chat", with_key(key), R"({"message":"slowly"})")) caller.send({&c, 1});
  CHECK(caller.read_response().json().at("echo") == "slowly");
}

TEST_CASE("a body in chunks is a body", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  http_client caller(gateway.port());
  caller.send("POST /chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-API-Key: " + key +
              "\r\nTransfer-Encoding: "
              "chunked\r\n\r\n5;ext=1\r\n{\"mes\r\na\r\nsage\":\"hi\"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n");
  CHECK(caller.read_response().json().at("echo") == "hi");
  CHECK(caller.call("GET", "/healthz").status == 200);
}

TEST_CASE("a caller who waits for 100 Continue gets it", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  http_client caller(gateway.port());
  const std::string body = R"({"message":"after all"})";
  auto headers = with_key(key);
  headers.emplace_back("Expect", "100-continue");
  const auto text = request_text("POST", "/chat", headers, body);
  caller.send(std::string_view(text).substr(0, text.size() - body.size()));
  const auto go_on = caller.read_response();
  CHECK(go_on.status == 100);
  CHECK(go_on.headers.empty());
  caller.send(body);
  CHECK(caller.read_response().json().at("echo") == "after all");
  caller.send(text); // All at once: 100 Continue may still come.
  auto answer = caller.read_response();
  if (answer.status == 100) answer = caller.read_response();
  CHECK(answer.json().at("echo") == "after all");
}

TEST_CASE("a connection lasts as long as both sides want it to", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  SECTION("HTTP/1.1: until the caller says otherwise") {
    http_client caller(gateway.port());
    CHECK_FALSE(caller.call("GET", "/healthz").has("Connection"));
    CHECK(caller.call("GET", "/healthz", {{"Connection", "close"}}).header("Connection") == "close");
    CHECK(caller.is_closed());
  }
  SECTION("HTTP/1.0: for one request") {
    http_client caller(gateway.port());
    caller.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(caller.read_response().body == R"({"ok":true})");
    CHECK(caller.is_closed());
  }
  SECTION("HTTP/1.0 with keep-alive: for more") {
    http_client caller(gateway.port());
    for (int i = 0; i < 2; ++i) {
      caller.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      CHECK(caller.read_response().header("Connection") == "keep-alive");
    }
  }
}

TEST_CASE("a large request and a large answer pass whole", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 1000000000}});
  std::string message;
  // Of long words: the built-in model says 65,536 of them at most.
  for (int i = 0; message.size() < 8U * 1024 * 1024; ++i)
    message += std::to_string(i) + std::string(1000, static_cast<char>('a' + i % 26)) + " ";
  const auto answer = gateway.chat(key.at("key"), message);
  REQUIRE(answer.status == 200);
  CHECK(answer.json().at("echo") == message);
  CHECK(answer.json().at("reply") == message);
}

TEST_CASE("over its bound of connections the gateway lets callers wait, not fail", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.topology.workers = 1;
  gateway.settings.limits.connections = 2;
  gateway.open();
  http_client first(gateway.port());
  http_client second(gateway.port());
  CHECK(first.call("GET", "/healthz").status == 200);
  CHECK(second.call("GET", "/healthz").status == 200);
  http_client third(gateway.port());
  third.send(request_text("GET", "/healthz"));
  first.close();
  CHECK(third.read_response().status == 200);
}

} // namespace
} // namespace gateway

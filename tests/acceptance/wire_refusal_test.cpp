#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

struct refused_bytes {
  std::string what;
  std::string bytes;
  int status = 400;
  std::string code = "PLATFORM_REQUEST_INVALID";
};

std::string post(const std::string& headers, const std::string& body = {}) {
  return "POST /chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + headers + "\r\n" + body;
}

const std::string too_large = "PLATFORM_REQUEST_TOO_LARGE";

/// What is no request at all: the answer is a failure as any other, and the connection ends with it.
const std::vector<refused_bytes> no_requests{
    {"a request line that is none", "HELLO\r\n\r\n"},
    {"a TLS handshake", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
    {"no version", "GET /healthz\r\n\r\n"},
    {"another protocol's version", "GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n"},
    {"a space too many", "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a header without a name", "GET /healthz HTTP/1.1\r\n: b\r\n\r\n"},
    {"a header without a colon", "GET /healthz HTTP/1.1\r\nHost\r\n\r\n"},
    {"a space before the colon", "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n"},
    {"a zero byte in a header", std::string("GET /healthz HTTP/1.1\r\nHost: a\0b\r\n\r\n", 36)},
    {"a length that is no number", post("Content-Length: many\r\n")},
    {"a negative length", post("Content-Length: -1\r\n")},
    {"two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")},
    {"a length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")},
    {"a chunk size that is no number", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")},
    {"a chunk longer than it says", post("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n")},
    {"a header that is too large", "GET /healthz HTTP/1.1\r\nX-Filler: " + std::string(20000, 'x') + "\r\n\r\n", 431,
     too_large},
    {"a request line that is too large", "GET /" + std::string(20000, 'x') + " HTTP/1.1\r\n\r\n", 431, too_large},
    {"many small headers",
     [] {
       std::string text = "GET /healthz HTTP/1.1\r\n";
       for (int i = 0; i < 2000; ++i) text += "X-H: 12345678\r\n";
       return text + "\r\n";
     }(),
     431, too_large},
    {"a body that says that it is too large", post("Content-Length: 2001\r\n"), 413, too_large},
    {"a length beyond all numbers", post("Content-Length: 99999999999999999999999\r\n")},
    {"a body that says so when asked to wait", post("Content-Length: 2001\r\nExpect: 100-continue\r\n"), 413,
     too_large},
    {"a chunk that is too large", post("Transfer-Encoding: chunked\r\n", "7d1\r\n" + std::string(2001, ' ')), 413,
     too_large},
    {"chunks that are too large together",
     post("Transfer-Encoding: chunked\r\n",
          "3e8\r\n" + std::string(1000, ' ') + "\r\n3e9\r\n" + std::string(1001, ' ') + "\r\n0\r\n\r\n"),
     413, too_large},
};

TEST_CASE("bytes that are no request are refused in the one shape, and the connection ends", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.limits.request_bytes = 2000;
  gateway.open();
  for (const auto& each : no_requests) {
    INFO(each.what);
    http_client caller(gateway.port());
    caller.send(each.bytes);
    const auto answer = caller.read_response();
    check_failure(answer, each.status, each.code);
    CHECK(answer.header("Connection") == "close");
    CHECK(caller.is_closed());
  }
  CHECK(gateway.call("GET", "/healthz").status == 200);
}

TEST_CASE("a caller that sends half a request and leaves harms nobody", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (const auto* start :
       {"G", "GET /healthz HTTP/1.1\r\nHos", "POST /chat HTTP/1.1\r\nContent-Length: 10\r\n\r\n{"}) {
    http_client caller(gateway.port());
    caller.send(start);
    SECTION("at once") { caller.close(); }
    SECTION("but listens still") {
      caller.finish_writing();
      check_failure(caller.read_response(), 400, "PLATFORM_REQUEST_INVALID");
      CHECK(caller.is_closed());
    }
  }
  CHECK(gateway.call("GET", "/healthz").status == 200);
}

TEST_CASE("a caller that is too slow is told so", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.timeouts.client.header = std::chrono::milliseconds(200);
  gateway.settings.timeouts.client.body = std::chrono::milliseconds(200);
  gateway.open();
  for (const auto& start : {std::string("GET /healthz HTTP/1.1\r\nHos"), post("Content-Length: 10\r\n", "{"),
                            post("Transfer-Encoding: chunked\r\n", "5\r\n{")}) {
    INFO(start);
    http_client caller(gateway.port());
    caller.send(start);
    check_failure(caller.read_response(), 408, "PLATFORM_REQUEST_TIMEOUT");
    CHECK(caller.is_closed());
  }
}

TEST_CASE("a connection on which nothing comes is closed without a word", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.timeouts.client.idle = std::chrono::milliseconds(200);
  gateway.open();
  http_client fresh(gateway.port());
  CHECK(fresh.is_closed());
  http_client used(gateway.port());
  CHECK(used.call("GET", "/healthz").status == 200);
  CHECK(used.is_closed());
}

} // namespace
} // namespace gateway

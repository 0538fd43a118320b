#include "bench/load/answer_reader.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using gateway::bench::answer_reader;

namespace {

constexpr std::string_view whole =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    "Content-Length: 2\r\n\r\n{}";
constexpr std::string_view stream =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Transfer-Encoding: chunked\r\n\r\n"
    "16\r\ndata: {\"content\":\"a\"}\n\r\n"
    "f\r\n\ndata: [DONE]\n\n\r\n"
    "0\r\n\r\n";

} // namespace

TEST_CASE("a whole answer is complete with its last byte") {
  answer_reader reader;
  REQUIRE(reader.feed(whole.substr(0, whole.size() - 1)));
  CHECK_FALSE(reader.complete());
  REQUIRE(reader.feed(whole.substr(whole.size() - 1)));
  CHECK(reader.complete());
  CHECK(reader.status() == 503);
  CHECK(reader.keep_alive());
  CHECK_FALSE(reader.stream());
}

TEST_CASE("a chunked stream is read wherever its bytes are cut, an event across chunks too") {
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    answer_reader reader;
    REQUIRE(reader.feed(stream.substr(0, cut)));
    REQUIRE_FALSE(reader.complete());
    REQUIRE(reader.feed(stream.substr(cut)));
    REQUIRE(reader.complete());
    REQUIRE(reader.stream());
    REQUIRE(reader.events().contents() == 1);
    REQUIRE(reader.events().done());
  }
}

TEST_CASE("an answer that closes its connection says so, and the next one starts afresh") {
  answer_reader reader;
  REQUIRE(reader.feed("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(reader.keep_alive());
  reader.reset();
  CHECK_FALSE(reader.complete());
  REQUIRE(reader.feed(whole));
  CHECK(reader.status() == 503);
}

TEST_CASE("what is no HTTP is refused") {
  answer_reader reader;
  CHECK_FALSE(reader.feed("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
}

#include "tests/http/wire/reader_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// What matters of a request, in one line.
std::string text_of(const request& asked) {
  return std::string(asked.method()) + " " + std::string(asked.target()) + " x=" + std::string(asked.header("x")) +
         " '" + asked.body + "'" + (asked.keep_alive ? " stays" : " goes") + (asked.is_http_1_0 ? " 1.0" : "");
}

std::string text_of(const next_request& got) {
  if (!got) return "refused: " + std::string(to_string(got.error().code));
  return *got ? text_of(**got) : "the end";
}

struct sample {
  std::string bytes;
  std::string meaning;
};

const std::vector<sample> samples{
    {"GET /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n", "GET /a?b=c x=1 '' stays"},
    {"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "POST /a x= 'hello' stays"},
    {"POST /a HTTP/1.1\r\nHost: h\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: "
     "t\r\n\r\n",
     "POST /a x=1 'hello' stays"},
    {"POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "POST /a x= '' goes"},
    {"GET / HTTP/1.0\r\n\r\n", "GET / x= '' goes 1.0"},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET / x= '' stays 1.0"},
    {"BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", "BREW /pot x= '' stays"},
};

TEST_CASE_METHOD(reader_fixture, "a request is read whole, and after the last one comes the end") {
  const auto which = GENERATE(range(std::size_t{0}, samples.size()));
  line->send(samples[which].bytes);
  line->end();
  CHECK(text_of(next()) == samples[which].meaning);
  CHECK(text_of(next()) == "the end");
}

TEST_CASE_METHOD(reader_fixture, "what comes behind a body is no part of the header") {
  line->send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\nX: 1\r\n\r\n");
  CHECK(text_of(next()) == "POST /a x= 'he' stays");
}

TEST_CASE_METHOD(reader_fixture, "a request means the same when it comes byte by byte") {
  line->read_at_most(1);
  for (const auto& each : samples) line->send(each.bytes);
  line->end();
  for (const auto& each : samples) CHECK(text_of(next()) == each.meaning);
  CHECK(text_of(next()) == "the end");
}

TEST_CASE("a request means the same wherever it is split") {
  for (const auto& each : samples) {
    for (std::size_t at = 1; at < each.bytes.size(); ++at) {
      reader_fixture fixture;
      fixture.line->send(each.bytes.substr(0, at));
      next_request got;
      auto reading = [](reader_fixture& in, next_request& into) -> task<void> { into = co_await in.reader.next(); };
      const auto done = fixture.start(reading(fixture, got));
      fixture.settle();
      INFO(each.bytes << " split at " << at);
      REQUIRE_FALSE(*done);
      fixture.line->send(each.bytes.substr(at));
      fixture.settle();
      REQUIRE(*done);
      CHECK(text_of(got) == each.meaning);
    }
  }
}

TEST_CASE_METHOD(reader_fixture, "requests that come in one piece are read one by one") {
  std::string all;
  for (const auto& each : samples) all += each.bytes;
  line->send(all);
  for (const auto& each : samples) CHECK(text_of(next()) == each.meaning);
}

TEST_CASE_METHOD(reader_fixture, "empty lines in front of a request are forgiven") {
  const bool in_one_piece = GENERATE(true, false);
  if (!in_one_piece) line->read_at_most(1);
  line->send("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
  CHECK(text_of(next()) == "GET / x= '' stays");
  line->end();
  CHECK(text_of(next()) == "the end");
}

TEST_CASE_METHOD(reader_fixture, "what is no request is refused") {
  const std::string bytes = GENERATE(
      "hello\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nbad name: x\r\n\r\n", "GE\x01T / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\x01\x01",
      "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n");
  INFO(bytes);
  CHECK(refusal_of(bytes) == ec::request_invalid);
}

TEST_CASE_METHOD(reader_fixture, "a request that breaks off is refused") {
  const std::string bytes =
      GENERATE("G", "GET / HTTP/1.1\r\nHost: h\r\n", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
               "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
  INFO(bytes);
  CHECK(refusal_of(bytes) == ec::request_invalid);
}

TEST_CASE_METHOD(reader_fixture, "a header up to its limit is taken, and one over it is refused before it has ended") {
  const std::string start = "GET / HTTP/1.1\r\nX: ";
  const auto whole = start + std::string(limits.header_bytes - start.size() - 4, 'x') + "\r\n\r\n";
  line->send(whole);
  CHECK(next().has_value());
  CHECK(refusal_of(start + std::string(limits.header_bytes, 'x')) == ec::header_too_large);
}

TEST_CASE_METHOD(reader_fixture, "a body up to its limit is taken") {
  const std::string body(64, 'b');
  line->send("POST / HTTP/1.1\r\nContent-Length: 64\r\n\r\n" + body);
  auto got = next();
  REQUIRE(got.has_value());
  CHECK((**got).body == body);
  line->send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + body + "\r\n0\r\n\r\n");
  got = next();
  REQUIRE(got.has_value());
  CHECK((**got).body == body);
}

TEST_CASE_METHOD(reader_fixture, "a body over its limit is refused, before it comes when its length is told") {
  line->send("POST / HTTP/1.1\r\nContent-Length: 65\r\n\r\n");
  auto got = next();
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == ec::request_too_large);
}

TEST_CASE_METHOD(reader_fixture, "a body over its limit is refused when it comes in chunks") {
  const std::string half(33, 'b');
  CHECK(refusal_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n21\r\n" + half + "\r\n21\r\n" + half +
                   "\r\n0\r\n\r\n") == ec::request_too_large);
}

TEST_CASE_METHOD(reader_fixture, "who waits to be told to send the body is told so, and others are not") {
  line->send("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  next_request got;
  const auto done = start(read_into(*this, got));
  settle();
  CHECK(line->told() == "HTTP/1.1 100 Continue\r\n\r\n");
  line->send("ok");
  settle();
  REQUIRE(*done);
  CHECK((**got).body == "ok");
  line->send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nok");
  CHECK(next().has_value());
  CHECK(line->told() == "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_CASE_METHOD(reader_fixture, "who sends a request too slowly is told so") {
  limits.header = 1ms;
  limits.body = 1ms;
  const std::string bytes = GENERATE("GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na");
  line->send(bytes);
  auto got = next();
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == ec::request_timeout);
}

TEST_CASE_METHOD(reader_fixture, "who asks for nothing for too long has reached the end, and is told nothing") {
  limits.idle = 1ms;
  CHECK(text_of(next()) == "the end");
  CHECK(line->told().empty());
}

TEST_CASE_METHOD(reader_fixture, "a reader is idle between requests, and only there") {
  next_request got;
  auto reading = [](reader_fixture& in, next_request& into) -> task<void> { into = co_await in.reader.next(); };
  auto done = start(reading(*this, got));
  settle();
  CHECK(reader.is_idle());
  line->send("GET / HTTP/1.1\r\n");
  settle();
  CHECK_FALSE(reader.is_idle());
  line->send("Host: h\r\n\r\nG");
  settle();
  REQUIRE(*done);
  CHECK_FALSE(reader.is_idle());
  done = start(reading(*this, got));
  settle();
  CHECK_FALSE(reader.is_idle()); // The next one has begun already.
}

} // namespace
} // namespace gateway

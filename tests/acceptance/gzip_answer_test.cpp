#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/stream_fixture.hpp"
#include "tests/http/wire/gzipped.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace gateway {
namespace {

using test::deflater;
using test::gzipped;

std::string chunk(const std::string& bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

TEST_CASE("an answer in gzip reaches the caller decoded", "[acceptance]") {
  stream_fixture it;
  it.open();
  const auto body = completion("hello", 30, 20);
  it.upstream.next(answer_with(200, gzipped(body), {{"Content-Encoding", "gzip"}}));
  const auto answer = it.gateway.complete(it.key.at("key"), chat_body());
  CHECK(answer.status == 200);
  CHECK(answer.body == body);
  CHECK_FALSE(answer.has("Content-Encoding"));
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 50);
}

TEST_CASE("an answer in gzip that is cut or broken, or in another coding, is a 502", "[acceptance]") {
  stream_fixture it;
  it.open();
  auto body = gzipped(completion("hello"));
  std::string coding = "gzip";
  SECTION("cut") { body.resize(body.size() - 9); }
  SECTION("broken") { body[20] = static_cast<char>(body[20] ^ 0x55); }
  SECTION("no gzip at all") { body = completion("hello"); }
  SECTION("another coding") { coding = "br"; }
  it.upstream.next(answer_with(200, body, {{"Content-Encoding", coding}}));
  check_failure(it.gateway.complete(it.key.at("key"), chat_body()), 502, "UPSTREAM_UNAVAILABLE");
}

TEST_CASE("each event of a stream in gzip reaches the caller before the next one is written", "[acceptance]") {
  stream_fixture it;
  it.open();
  gate second;
  gate last;
  it.upstream.next([=](upstream_talk& talk) {
    deflater gzip;
    talk.start_events({{"Content-Encoding", "gzip"}});
    talk.send(chunk(gzip.flushed("data: " + text_chunk("one") + "\n\n")));
    second.pass();
    talk.send(chunk(gzip.flushed("data: " + text_chunk("two") + "\n\n")));
    last.pass();
    talk.send(chunk(gzip.finished("data: " + finish_chunk() + "\n\ndata: [DONE]\n\n")));
    talk.finish_events();
  });
  CHECK(it.ask().status == 200);
  CHECK(it.caller->read_event() == "data: " + text_chunk("one"));
  second.open();
  CHECK(it.caller->read_event() == "data: " + text_chunk("two"));
  last.open();
  CHECK(it.read_events() == std::vector<std::string>{finish_chunk(), "[DONE]"});
  CHECK(it.caller->body_is_whole());
}

} // namespace
} // namespace gateway

#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>

namespace gateway {
namespace {

constexpr std::size_t events = 2048;
constexpr std::size_t event_size = std::size_t{64} * 1024;

TEST_CASE("a caller who does not read slows its upstream, and gets everything when it does", "[acceptance]") {
  stream_fixture it;
  it.open();
  const auto chunk = text_chunk(std::string(event_size, 'a'));
  const auto sent = std::make_shared<std::atomic<std::size_t>>(0);
  it.upstream.next([=](upstream_talk& talk) {
    talk.start_events();
    for (std::size_t i = 0; i < events && talk.send_event(chunk); ++i) ++*sent;
    talk.send_event(finish_chunk());
    talk.send_event("[DONE]");
    talk.finish_events();
  });
  // With a maximum the stream is no matter of the key's limits, however long it gets.
  auto body = nlohmann::json::parse(chat_body("gpt", true));
  body["max_tokens"] = 1000;
  CHECK(it.ask(body.dump()).status == 200);
  CHECK(it.caller->read_event() == "data: " + chunk);
  // Other requests pass the time: once the sockets' buffers are full, the upstream stands still.
  http_client other(it.gateway.port());
  std::size_t before = 0;
  do {
    before = *sent;
    for (int i = 0; i < 500; ++i) CHECK(other.call("GET", "/healthz").status == 200);
  } while (*sent != before);
  // Far less than the whole: nobody keeps the rest for the caller. What there is is in four sockets' buffers.
  CHECK(*sent < events / 2);
  std::size_t read = 1;
  std::string last;
  while (const auto event = it.caller->read_event()) {
    last = *event;
    if (last == "data: " + chunk) ++read;
  }
  CHECK(read == events);
  CHECK(last == "data: [DONE]");
  CHECK(it.caller->body_is_whole());
}

} // namespace
} // namespace gateway

#include "http/wire/tls_connection.hpp"

#include "tests/http/upstream/connector_fixture.hpp"

#include <future>
#include <optional>

namespace gateway {
namespace {

using namespace test;
using error_code = boost::system::error_code;

std::string long_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i) + "\n";
  text.resize(size);
  return text;
}

/// Sends `bytes`, and then ends with a farewell or without.
tls_server::script say(std::string bytes, bool farewell) {
  return [=](tls_peer& peer, loopback_socket&) {
    peer.receive();
    peer.send(bytes);
    if (farewell) peer.end();
  };
}

TEST_CASE_METHOD(connector_fixture, "what is large passes whole, in both directions") {
  constexpr std::size_t size = 3 * 1024 * 1024 + 17;
  tls_server server(trusted.issue("localhost"),
                    [](tls_peer& peer, loopback_socket&) { peer.send(peer.receive(size)); });
  const auto peer = open(spec_for(server.port()));
  const auto text = long_text(size);
  CHECK(write(*peer, text).bytes == size);
  CHECK((read(*peer, size) == text));
}

TEST_CASE_METHOD(connector_fixture, "small parts go together in one record") {
  std::promise<std::string> first;
  tls_server server(trusted.issue("localhost"), [&](tls_peer& peer, loopback_socket&) {
    first.set_value(peer.receive());
    peer.receive_all();
  });
  const auto peer = open(spec_for(server.port()));
  const auto large = long_text(40'000);
  const std::array parts{asio::const_buffer("head, ", 6), asio::const_buffer(), asio::const_buffer("body, ", 6),
                         asio::const_buffer(large.data(), large.size())};
  CHECK(run(peer->write(parts)).bytes == 12 + large.size());
  CHECK((first.get_future().get() == ("head, body, " + large).substr(0, 16 * 1024)));
}

TEST_CASE_METHOD(connector_fixture, "an end with a farewell is an end, and one without is an error") {
  const bool farewell = GENERATE(true, false);
  tls_server server(trusted.issue("localhost"), say("some", farewell));
  const auto peer = open(spec_for(server.port()));
  write(*peer, "x");
  error_code ended;
  CHECK(read(*peer, 100, &ended) == "some");
  CHECK(ended);
  CHECK((ended == asio::error::eof) == farewell);
  if (!farewell) CHECK(ended.message() == "unexpected eof while reading");
}

TEST_CASE_METHOD(connector_fixture, "after our farewell the peer may still speak") {
  bool told = false;
  tls_server server(trusted.issue("localhost"), [&](tls_peer& peer, loopback_socket&) {
    peer.receive_all();
    told = peer.was_ended();
    peer.send("and you");
    peer.end();
  });
  const auto peer = open(spec_for(server.port()));
  peer->finish_writing();
  error_code ended;
  CHECK(read(*peer, 100, &ended) == "and you");
  CHECK(ended == asio::error::eof);
  CHECK(told);
}

TEST_CASE_METHOD(connector_fixture, "session tickets make no connection stale, and its end does") {
  std::promise<void> end;
  auto ending = end.get_future().share();
  const bool farewell = GENERATE(true, false);
  tls_server server(trusted.issue("localhost"), [=](tls_peer& peer, loopback_socket&) {
    ending.wait_for(patience);
    if (farewell) peer.end();
  });
  const auto peer = open(spec_for(server.port()));
  server.visit(); // It has sent its tickets.
  CHECK_FALSE(peer->is_stale());
  end.set_value();
  run_until([&] { return peer->is_stale(); });
}

TEST_CASE_METHOD(connector_fixture, "bytes that nobody asked for make a connection stale") {
  tls_server server(trusted.issue("localhost"), [](tls_peer& peer, loopback_socket&) {
    peer.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    peer.receive();
  });
  const auto peer = open(spec_for(server.port()));
  run_until([&] { return peer->is_stale(); });
}

TEST_CASE_METHOD(connector_fixture, "who watches is called when there is something to read, after it was begun") {
  tls_server server(trusted.issue("localhost"), echo);
  const auto peer = open(spec_for(server.port()));
  std::array<char, 3> room{};
  for (const bool waiting : {false, true}) {
    std::optional<io_result> got;
    if (waiting) write(*peer, "abcdef");
    std::function<void()> look = [&] {
      got = peer->read_now(asio::buffer(room));
      if (!got) peer->when_readable(look);
    };
    peer->when_readable(look);
    CHECK_FALSE(got);
    if (!waiting) write(*peer, "abc");
    run_until([&] { return got.has_value(); });
    CHECK_FALSE(got->error);
    CHECK(std::string_view(room.data(), got->bytes) == "abc");
  }
  CHECK(read(*peer, 3) == "def");
}

TEST_CASE_METHOD(connector_fixture,
                 "who watches is called when the connection is closed, and not when it is destroyed") {
  tls_server server(trusted.issue("localhost"), echo);
  auto peer = open(spec_for(server.port()));
  int calls = 0;
  peer->when_readable([&] { ++calls; });
  settle();
  const auto before = calls; // For the session tickets.
  if (before > 0) peer->when_readable([&] { ++calls; });
  if (GENERATE(true, false)) {
    peer->close();
    run_until([&] { return calls > before; });
    std::array<char, 3> room{};
    const auto got = peer->read_now(asio::buffer(room));
    REQUIRE(got);
    CHECK(got->error);
  } else {
    peer.reset();
    settle();
    CHECK(calls == before);
  }
}

TEST_CASE_METHOD(connector_fixture, "who stops watching is not called, and nothing is lost") {
  tls_server server(trusted.issue("localhost"), echo);
  const auto peer = open(spec_for(server.port()));
  write(*peer, "abc");
  int calls = 0;
  for (int i = 0; i < 3; ++i) {
    peer->when_readable([&] { ++calls; });
    peer->stop_watching();
  }
  CHECK(read(*peer, 3) == "abc");
  settle();
  CHECK(calls == 0);
}

} // namespace
} // namespace gateway

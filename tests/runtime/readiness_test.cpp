#include "runtime/readiness.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>

namespace gateway {
namespace {

using error_code = boost::system::error_code;
constexpr auto reading = watched_socket::reading;
constexpr auto writing = watched_socket::writing;

/// Two ends of a connection, one of them watched.
struct pair_fixture {
  asio::io_context io;
  std::shared_ptr<watched_socket> near;
  int far = -1;

  pair_fixture() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    near = std::make_shared<watched_socket>(io, ends[0]);
    far = ends[1];
  }
  pair_fixture(const pair_fixture&) = delete;
  pair_fixture& operator=(const pair_fixture&) = delete;
  ~pair_fixture() { hang_up(); }

  void send(const std::string& text) const {
    REQUIRE(::send(far, text.data(), text.size(), 0) == ssize_t(text.size()));
  }
  void hang_up() {
    if (far >= 0) ::close(std::exchange(far, -1));
  }
  std::string receive() const {
    std::array<char, 4096> room;
    const auto got = ::recv(near->descriptor(), room.data(), room.size(), 0);
    return {room.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }
  /// Writes until no more fits.
  void fill() const {
    const std::string much(65536, 'x');
    while (::send(near->descriptor(), much.data(), much.size(), MSG_NOSIGNAL) > 0) continue;
    near->exhausted(writing);
  }
  /// A wait whose end shows in `how`.
  void wait(watched_socket::direction what, std::optional<error_code>& how) const {
    near->wait(what, [&how](const error_code& error) { how = error; });
  }
  /// Until that wait has ended.
  void run_until(const std::optional<error_code>& how) {
    for (int turns = 0; !how && turns < 1000; ++turns) io.run_one();
    REQUIRE(how);
  }
};

TEST_CASE_METHOD(pair_fixture, "a wait for something to read ends when it comes, and not before") {
  near->exhausted(reading);
  std::optional<error_code> how;
  wait(reading, how);
  io.poll();
  CHECK_FALSE(how);
  CHECK_FALSE(near->ready(reading));
  send("hello");
  run_until(how);
  CHECK_FALSE(*how);
  CHECK(near->ready(reading));
  CHECK(receive() == "hello");
}

TEST_CASE_METHOD(pair_fixture, "what came before it was waited for is not missed") {
  near->exhausted(reading);
  send("early");
  std::optional<error_code> how;
  wait(reading, how);
  run_until(how);
  CHECK(receive() == "early");
}

TEST_CASE_METHOD(pair_fixture, "after the end of what the peer says reading never waits again, writing does") {
  near->exhausted(reading);
  std::optional<error_code> how;
  wait(reading, how);
  REQUIRE(::shutdown(far, SHUT_WR) == 0);
  run_until(how);
  near->exhausted(reading);
  CHECK(near->ready(reading));
  fill();
  CHECK_FALSE(near->ready(writing));
  std::optional<error_code> written;
  wait(writing, written);
  io.poll();
  CHECK_FALSE(written);
}

TEST_CASE_METHOD(pair_fixture, "a wait for room ends when the peer has read") {
  fill();
  std::optional<error_code> how;
  wait(writing, how);
  io.poll();
  CHECK_FALSE(how);
  std::array<char, 65536> room;
  while (::recv(far, room.data(), room.size(), 0) > 0) continue;
  run_until(how);
  CHECK_FALSE(*how);
  CHECK(near->ready(writing));
}

TEST_CASE_METHOD(pair_fixture, "a peer that has gone ends both waits") {
  near->exhausted(reading);
  fill();
  std::optional<error_code> read;
  std::optional<error_code> written;
  wait(reading, read);
  wait(writing, written);
  hang_up();
  run_until(read);
  run_until(written);
  near->exhausted(writing);
  CHECK(near->ready(writing));
}

TEST_CASE_METHOD(pair_fixture, "a wait that is cancelled, or whose socket is closed or gone, ends once with an error") {
  near->exhausted(reading);
  std::optional<error_code> how;
  wait(reading, how);
  const int way = GENERATE(0, 1, 2);
  if (way == 0) near->cancel();
  if (way == 1) near->close();
  if (way == 2) near.reset();
  CHECK_FALSE(how);
  run_until(how);
  CHECK(*how == asio::error::operation_aborted);
  how.reset();
  io.poll();
  CHECK_FALSE(how);
}

TEST_CASE_METHOD(pair_fixture, "a closed socket is waited for in vain") {
  near->close();
  CHECK(near->descriptor() == -1);
  std::optional<error_code> how;
  wait(reading, how);
  run_until(how);
  CHECK(*how == asio::error::operation_aborted);
}

TEST_CASE_METHOD(pair_fixture, "a wait can be cancelled through its slot") {
  near->exhausted(reading);
  asio::cancellation_signal stop;
  std::optional<error_code> how;
  near->wait(reading, asio::bind_cancellation_slot(stop.slot(), [&how](const error_code& error) { how = error; }));
  io.poll();
  stop.emit(asio::cancellation_type::terminal);
  run_until(how);
  CHECK(*how == asio::error::operation_aborted);
}

TEST_CASE_METHOD(pair_fixture, "a handler may end the socket of another one whose turn comes next") {
  std::array<int, 2> ends{};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  auto other = std::make_shared<watched_socket>(io, ends[0]);
  near->exhausted(reading);
  other->exhausted(reading);
  int ended = 0;
  near->wait(reading, [&](const error_code&) { ++ended, other.reset(); });
  other->wait(reading, [&](const error_code&) { ++ended, near.reset(); });
  REQUIRE(::send(ends[1], "x", 1, 0) == 1);
  send("x");
  for (int turns = 0; ended < 2 && turns < 1000; ++turns) io.run_one();
  CHECK(ended == 2);
  ::close(ends[1]);
}

TEST_CASE_METHOD(pair_fixture, "who wants to be told is told once, whatever it is that can be read") {
  int told = 0;
  const auto settle = [&] {
    for (int i = 0; i < 10; ++i) io.poll();
  };
  near->exhausted(reading);
  near->notify([&] { ++told; });
  settle();
  CHECK(told == 0);
  const int way = GENERATE(0, 1, 2);
  if (way == 0) send("x");
  if (way == 1) hang_up();
  if (way == 2) near->close();
  CHECK(told == 0);
  settle();
  CHECK(told == 1);
  if (way == 0) send("y");
  settle();
  CHECK(told == 1);
}

TEST_CASE_METHOD(pair_fixture, "who wants to be told of what is there is told, but not at once") {
  int told = 0;
  near->notify([&] { ++told; });
  CHECK(told == 0);
  io.poll();
  CHECK(told == 1);
}

TEST_CASE_METHOD(pair_fixture, "who does not want to be told any more is not told") {
  int told = 0;
  const bool there_already = GENERATE(true, false);
  if (!there_already) near->exhausted(reading);
  near->notify([&] { ++told; });
  near->stop_notifying();
  send("x");
  for (int i = 0; i < 10; ++i) io.poll();
  CHECK(told == 0);
  CHECK(near->ready(reading));
}

TEST_CASE("the end of the io_context ends what waits in it, and calls nobody") {
  auto alive = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = alive;
  std::array<int, 2> ends{};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  {
    asio::io_context io;
    auto socket = std::make_shared<watched_socket>(io, ends[0]);
    socket->exhausted(reading);
    auto& waits = *socket;
    // The wait holds its own socket, as a coroutine does.
    waits.wait(reading, [socket = std::move(socket), alive = std::move(alive)](const error_code&) { FAIL("called"); });
    io.poll();
  }
  CHECK(watched.expired());
  ::close(ends[1]);
}

} // namespace
} // namespace gateway

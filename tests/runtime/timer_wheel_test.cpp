#include "runtime/timer_wheel.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>

namespace gateway {
namespace {

using std::chrono::milliseconds;

TEST_CASE("deadlines fire in order, and never early") {
  boost::asio::io_context io;
  timer_wheel wheel(io);
  std::vector<int> fired;
  const auto start = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::duration> second_after;
  deadline second(wheel, [&] {
    fired.push_back(2);
    second_after = std::chrono::steady_clock::now() - start;
  });
  deadline first(wheel, [&] { fired.push_back(1); });
  second.set(milliseconds(120));
  first.set(milliseconds(10));
  io.run();
  CHECK(fired == std::vector{1, 2});
  CHECK(*second_after >= milliseconds(120));
}

TEST_CASE("a wheel without deadlines does not tick") {
  boost::asio::io_context io;
  timer_wheel wheel(io);
  deadline cleared(wheel, [] { FAIL("it was cleared"); });
  cleared.set(milliseconds(1));
  cleared.clear();
  // The tick that was under way ends, and no other follows: run returns.
  io.run();
  CHECK(!cleared.is_set());
}

TEST_CASE("a deadline may destroy itself, and its neighbour, when it fires") {
  boost::asio::io_context io;
  timer_wheel wheel(io);
  int fired = 0;
  std::unique_ptr<deadline> one;
  std::unique_ptr<deadline> other;
  auto drop_both = [&] {
    ++fired;
    one.reset();
    other.reset();
  };
  one = std::make_unique<deadline>(wheel, drop_both);
  other = std::make_unique<deadline>(wheel, drop_both);
  one->set(milliseconds(1));
  other->set(milliseconds(1));
  io.run();
  CHECK(fired == 1);
}

TEST_CASE("a deadline can be moved, and set again when it fires") {
  boost::asio::io_context io;
  timer_wheel wheel(io);
  int fired = 0;
  std::unique_ptr<deadline> again;
  again = std::make_unique<deadline>(wheel, [&] {
    if (++fired < 3) again->set(milliseconds(0));
  });
  again->set(milliseconds(60000));
  again->set(milliseconds(1));
  io.run();
  CHECK(fired == 3);
}

} // namespace
} // namespace gateway

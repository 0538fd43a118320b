#include "runtime/one_shot.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;

struct shot_fixture {
  asio::io_context io;
  timer_wheel wheel{io};

  shot_fixture() = default;
  shot_fixture(const shot_fixture&) = delete;
  shot_fixture& operator=(const shot_fixture&) = delete;
  ~shot_fixture() { wheel.stop(); }

  static task<void> wait(one_shot& once, std::chrono::milliseconds patience, std::optional<wake>& how) {
    how = co_await once.wait_for(patience);
  }
  void start(one_shot& once, std::chrono::milliseconds patience, std::optional<wake>& how,
             asio::cancellation_slot slot = {}) {
    asio::co_spawn(io.get_executor(), wait(once, patience, how),
                   asio::bind_cancellation_slot(slot, [](const std::exception_ptr&) {}));
    settle();
  }
  void settle() {
    for (int i = 0; i < 10; ++i) io.poll();
  }
};

TEST_CASE_METHOD(shot_fixture, "who waits is woken by a shot, in the loop's next turn") {
  one_shot once(wheel);
  std::optional<wake> how;
  start(once, 10s, how);
  CHECK_FALSE(how);
  once.fire();
  once.fire();
  CHECK_FALSE(how);
  settle();
  CHECK(how == wake::fired);
}

TEST_CASE_METHOD(shot_fixture, "a shot before the wait lets it pass") {
  one_shot once(wheel);
  once.fire();
  std::optional<wake> how;
  start(once, 10s, how);
  CHECK(how == wake::fired);
}

TEST_CASE_METHOD(shot_fixture, "who is not woken in time goes on without") {
  one_shot once(wheel);
  std::optional<wake> how;
  start(once, 1ms, how);
  while (!how) io.run_one();
  CHECK(how == wake::expired);
}

TEST_CASE_METHOD(shot_fixture, "a wait that is cancelled ends, and a shot that comes before its turn still counts") {
  one_shot once(wheel);
  std::optional<wake> how;
  asio::cancellation_signal stop;
  start(once, 10s, how, stop.slot());
  const bool fires = GENERATE(true, false);
  stop.emit(asio::cancellation_type::terminal);
  if (fires) once.fire();
  settle();
  CHECK(how == (fires ? wake::fired : wake::cancelled));
}

TEST_CASE_METHOD(shot_fixture, "those who are woken together all go on") {
  std::vector<std::unique_ptr<one_shot>> all;
  std::vector<std::optional<wake>> how(3);
  for (auto& each : how) start(*all.emplace_back(std::make_unique<one_shot>(wheel)), 10s, each);
  for (auto& each : all) each->fire();
  settle();
  for (auto& each : how) CHECK(each == wake::fired);
}

TEST_CASE("the end of the io_context ends those who wait for a shot, whether it was fired or not") {
  auto alive = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = alive;
  const bool fires = GENERATE(true, false);
  {
    asio::io_context io;
    timer_wheel wheel(io);
    auto waiting = [](timer_wheel& on, std::shared_ptr<int> holds, one_shot*& where) -> task<void> {
      const auto kept = std::move(holds);
      one_shot once(on);
      where = &once;
      co_await once.wait_for(std::chrono::seconds(10));
      FAIL("woken");
    };
    one_shot* where = nullptr;
    asio::co_spawn(io.get_executor(), waiting(wheel, std::move(alive), where), [](const std::exception_ptr&) {});
    io.poll();
    REQUIRE(where);
    if (fires) where->fire();
    wheel.stop();
  }
  CHECK(watched.expired());
}

} // namespace
} // namespace gateway

#pragma once

#include "runtime/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::test {

/// A worker that runs in the test's own thread, and only when the test says so.
class worker_fixture {
 public:
  worker_fixture() = default;
  worker_fixture(const worker_fixture&) = delete;
  worker_fixture& operator=(const worker_fixture&) = delete;
  ~worker_fixture() { end_everybody(); }

  /// Runs until this coroutine has ended, and hands back what it returned.
  template <class T>
  T run(task<T> work) {
    std::optional<T> answer;
    std::exception_ptr bug;
    asio::co_spawn(here.io().get_executor(), std::move(work), [&](std::exception_ptr error, T value) {
      bug = error;
      answer.emplace(std::move(value));
    });
    run_until([&] { return answer.has_value(); });
    if (bug) std::rethrow_exception(bug);
    return std::move(*answer);
  }

  void run(task<void> work) { (void)run(with_value(std::move(work))); }

  /// Starts a coroutine; the flag says when it has ended.
  std::shared_ptr<bool> start(task<void> work) {
    auto ended = std::make_shared<bool>(false);
    asio::co_spawn(here.io().get_executor(), std::move(work), [ended](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
      *ended = true;
    });
    return ended;
  }

  /// Runs until that holds; the test has failed when it takes too long.
  template <class Condition>
  void run_until(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) FAIL("what was waited for did not come");
      turn();
    }
  }

  /// Lets everything happen that needs no time to pass.
  void settle() {
    for (int i = 0; i < 30; ++i) turn();
  }

  template <class Handle>
  Handle keep(Handle actor) {
    started_.push_back(caf::actor_cast<caf::actor>(actor));
    return actor;
  }

  /// Ends the actors, while those whom their answers reach are still there: for destructors of fixtures made from this.
  void end_everybody() {
    if (started_.empty()) return;
    for (const auto& each : std::exchange(started_, {})) kill(each);
    settle();
  }

  void kill(const caf::actor& whom) { caf::anon_send_exit(whom, caf::exit_reason::kill); }

 private:
  static task<bool> with_value(task<void> work) {
    co_await std::move(work);
    co_return true;
  }

  void turn() {
    here.finish();
    here.run();
    here.io().restart();
    while (dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler()).try_run_once()) {
    }
  }

  struct testing_policy : caf::actor_system_config {
    testing_policy() { set("scheduler.policy", caf::atom("testing")); }
  };

  testing_policy config_;
  std::vector<caf::actor> started_;

 public:
  caf::actor_system system{config_};
  worker here{system, 0};
};

} // namespace gateway::test

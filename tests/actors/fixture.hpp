#pragma once

#include "runtime/failure.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace gateway::test {

/// An actor system in which nothing happens by itself: messages are delivered by `run`, time passes by `advance`.
class actor_fixture {
 public:
  actor_fixture() : system(with_test_policy(config_)), self(system) {}

  ~actor_fixture() {
    for (auto& actor : started_) caf::anon_send_exit(actor, caf::exit_reason::kill);
    do run();
    while (scheduler().trigger_timeouts() > 0);
  }

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  /// Delivers every message that is under way, and those they cause.
  void run() {
    while (scheduler().try_run_once()) {
    }
  }

  void advance(std::chrono::nanoseconds span) {
    scheduler().advance_time(span);
    run();
  }

  /// Remembers an actor, so that it is ended before the system goes.
  template <class Handle>
  Handle keep(Handle handle) {
    started_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  /// Asks and delivers until nothing moves. Nothing when there was no answer by then.
  template <class T, class Handle, class... Ts>
  std::optional<result<T>> try_ask(const Handle& target, Ts&&... message) {
    auto asked = self->request(target, caf::infinite, std::forward<Ts>(message)...);
    run();
    if (self->mailbox().empty()) return std::nullopt;
    std::optional<result<T>> answer;
    auto on_error = [&](caf::error& error) { answer = tl::unexpected<failure>(to_failure(error)); };
    if constexpr (std::is_void_v<T>)
      asked.receive([&] { answer.emplace(); }, on_error);
    else
      asked.receive([&](T& value) { answer.emplace(std::move(value)); }, on_error);
    return answer;
  }

  /// As `try_ask`, where an answer must be there.
  template <class T, class Handle, class... Ts>
  result<T> ask(const Handle& target, Ts&&... message) {
    auto answer = try_ask<T>(target, std::forward<Ts>(message)...);
    REQUIRE(answer.has_value());
    return std::move(*answer);
  }

 private:
  static caf::actor_system_config& with_test_policy(caf::actor_system_config& into) {
    into.set("scheduler.policy", caf::atom("testing"));
    return into;
  }

  caf::actor_system_config config_;
  std::vector<caf::actor> started_;

 public:
  caf::actor_system system;
  caf::scoped_actor self;
};

} // namespace gateway::test

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/stateful_actor.hpp>

#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace gateway {

/// A thread for actors that block and that every request messages. Of CAF's detached actors each has one, too, but
/// whoever wakes it holds the lock that it wants first: on one core that is two changes of threads for one.
class own_thread final : public caf::execution_unit {
 public:
  own_thread(caf::actor_system& system, std::string name);
  /// Ends it when what is ready is done.
  ~own_thread() override;
  own_thread(const own_thread&) = delete;
  own_thread& operator=(const own_thread&) = delete;

  /// Takes over a reference to `job` and runs it soon, on this thread. From any thread.
  void exec_later(caf::resumable* job) override;

 private:
  void run(const std::string& name);
  void run_job(caf::resumable* job);

  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> keep_alive_;
  std::thread thread_;
};

/// An actor that only ever runs on the thread that it was spawned on (runtime/spawn.hpp), if that was one of its own.
template <class Base>
class secluded : public Base {
 public:
  explicit secluded(caf::actor_config& config) : Base(config), home_(dynamic_cast<own_thread*>(config.host)) {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* where) override {
    Base::enqueue(std::move(message), home_ != nullptr ? home_ : where);
  }

 private:
  own_thread* home_;
};

/// The self pointer of a secluded actor with this interface and state.
template <class Handle, class State>
using secluded_pointer = caf::stateful_actor<State, secluded<typename Handle::base>>*;

} // namespace gateway

#pragma once

#include "runtime/own_thread.hpp"
#include "runtime/worker.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gateway {

class asio_scheduler;

/// CAF's clock. For the timeouts that a worker's actors ask for, at each message if they want one or not, the kernel's
/// last tick is near enough.
class actor_clock final : public caf::detail::thread_safe_actor_clock {
 public:
  time_point now() const noexcept override;
};

/// A CAF configuration that hosts the actors on `workers` Asio threads.
struct runtime_config : caf::actor_system_config {
  explicit runtime_config(std::size_t worker_count);
  std::size_t workers;
};

/// The scheduler of an actor system that was made from a `runtime_config`.
asio_scheduler& scheduler_of(caf::actor_system& system);

/// CAF's scheduler, on the threads that serve the sockets. Its module interface is CAF 0.17's own.
class asio_scheduler final : public caf::scheduler::abstract_coordinator {
 public:
  explicit asio_scheduler(caf::actor_system& system);
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  std::size_t size() const { return workers_.size(); }
  worker& at(std::size_t index) { return *workers_[index]; }

  /// One more thread, for an actor that blocks; it ends with the system. Not from two threads at once.
  own_thread& add_thread(const std::string& name);

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override { return clock_; }

 protected:
  void start() override;
  void stop() override;

 private:
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<own_thread>> own_threads_;
  std::atomic<std::size_t> next_{0};
  actor_clock clock_; ///< Delayed messages; its thread sleeps until one is due.
  std::thread clock_thread_;
};

} // namespace gateway

#include "runtime/asio_scheduler.hpp"

#include "runtime/coarse_clock.hpp"

#include <caf/actor_system.hpp>
#include <caf/detail/set_thread_name.hpp>

#include <algorithm>
#include <string>

namespace gateway {

// Not for the thread that waits for them: it would spin until the tick that it woke for.
actor_clock::time_point actor_clock::now() const noexcept {
  return worker::current() ? coarse_now() : caf::detail::thread_safe_actor_clock::now();
}

runtime_config::runtime_config(std::size_t worker_count) : workers(std::max<std::size_t>(worker_count, 1)) {
  // CAF would read a file and the command line otherwise.
  set("scheduler.max-threads", workers);
  load<asio_scheduler>();
}

asio_scheduler& scheduler_of(caf::actor_system& system) { return dynamic_cast<asio_scheduler&>(system.scheduler()); }

asio_scheduler::asio_scheduler(caf::actor_system& system) : caf::scheduler::abstract_coordinator(system) {
  const auto count = dynamic_cast<const runtime_config&>(system.config()).workers;
  for (std::size_t index = 0; index < count; ++index) workers_.push_back(std::make_unique<worker>(system, index));
}

caf::actor_system::module* asio_scheduler::make(caf::actor_system& system, caf::detail::type_list<>) {
  return new asio_scheduler(system);
}

void asio_scheduler::start() {
  // The base class would only add CAF's printer actor, which nobody here uses.
  for (auto& each : workers_) {
    threads_.emplace_back([this, &each] {
      caf::detail::set_thread_name(("worker " + std::to_string(each->index())).c_str());
      system().thread_started();
      each->run();
      system().thread_terminates();
    });
  }
  clock_thread_ = std::thread([this] {
    caf::detail::set_thread_name("clock");
    clock_.run_dispatch_loop();
  });
}

own_thread& asio_scheduler::add_thread(const std::string& name) {
  return *own_threads_.emplace_back(std::make_unique<own_thread>(system(), name));
}

void asio_scheduler::stop() {
  clock_.cancel_dispatch_loop();
  clock_thread_.join();
  own_threads_.clear();
  for (auto& each : workers_) each->finish();
  for (auto& thread : threads_) thread.join();
  // Coroutines that were cut end here, while what they refer to is still there.
  workers_.clear();
}

void asio_scheduler::enqueue(caf::resumable* job) {
  if (auto* here = worker::current()) {
    here->exec_later(job);
    return;
  }
  workers_[next_.fetch_add(1, std::memory_order_relaxed) % workers_.size()]->exec_later(job);
}

} // namespace gateway

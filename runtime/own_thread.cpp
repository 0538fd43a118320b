#include "runtime/own_thread.hpp"

#include <caf/actor_system.hpp>
#include <caf/detail/set_thread_name.hpp>
#include <caf/resumable.hpp>

namespace gateway {
namespace {

/// Messages that an actor handles before others get their turn.
constexpr std::size_t messages_per_turn = 64;

} // namespace

own_thread::own_thread(caf::actor_system& system, std::string name)
    : caf::execution_unit(&system), thread_([this, name = std::move(name)] { run(name); }) {}

own_thread::~own_thread() {
  {
    const std::lock_guard guard(lock_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void own_thread::exec_later(caf::resumable* job) {
  {
    const std::lock_guard guard(lock_);
    ready_.push_back(job);
  }
  changed_.notify_one();
}

caf::resumable* own_thread::next() {
  std::unique_lock guard(lock_);
  changed_.wait(guard, [this] { return ending_ || !ready_.empty(); });
  if (ready_.empty()) return nullptr;
  auto* job = ready_.front();
  ready_.pop_front();
  return job;
}

void own_thread::run(const std::string& name) {
  caf::detail::set_thread_name(name.c_str());
  system().thread_started();
  while (auto* job = next()) {
    switch (job->resume(this, messages_per_turn)) {
      case caf::resumable::resume_later: exec_later(job); break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message:
      case caf::resumable::shutdown_execution_unit: caf::intrusive_ptr_release(job); break;
    }
  }
  system().thread_terminates();
}

} // namespace gateway

#include "runtime/own_thread.hpp"

#include "runtime/travelling_job.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/detail/set_thread_name.hpp>

namespace gateway {
namespace {

/// Messages that an actor handles before others get their turn.
constexpr std::size_t messages_per_turn = 64;

} // namespace

own_thread::own_thread(caf::actor_system& system, std::string name) : caf::execution_unit(&system) {
  keep_alive_.emplace(io_.get_executor());
  thread_ = std::thread([this, name = std::move(name)] { run(name); });
}

own_thread::~own_thread() {
  keep_alive_.reset();
  thread_.join();
}

void own_thread::exec_later(caf::resumable* job) {
  travelling_job parcel;
  parcel.job.reset(job);
  boost::asio::post(io_, [this, parcel = std::move(parcel)]() mutable { run_job(parcel.job.release()); });
}

void own_thread::run(const std::string& name) {
  caf::detail::set_thread_name(name.c_str());
  system().thread_started();
  io_.run();
  system().thread_terminates();
}

void own_thread::run_job(caf::resumable* job) {
  switch (job->resume(this, messages_per_turn)) {
    case caf::resumable::resume_later: return exec_later(job);
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
    case caf::resumable::shutdown_execution_unit: return caf::intrusive_ptr_release(job);
  }
}

} // namespace gateway

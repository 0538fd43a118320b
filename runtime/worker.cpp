#include "runtime/worker.hpp"

#include "runtime/travelling_job.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/logger.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <utility>

namespace gateway {
namespace {

thread_local worker* current_worker = nullptr;

/// Messages an actor handles before others get their turn; jobs run before sockets get theirs.
constexpr std::size_t messages_per_turn = 64;
constexpr std::size_t jobs_per_turn = 256;

} // namespace

worker::worker(caf::actor_system& system, std::size_t index)
    : caf::execution_unit(&system), index_(index), asker_(make_asker(system, *this)), wheel_(io_) {
  keep_alive_.emplace(io_.get_executor());
}

worker::~worker() {
  wheel_.stop();
  keep_alive_.reset();
  for (auto* job : ready_) caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}

worker* worker::current() { return current_worker; }

void worker::exec_later(caf::resumable* job) {
  if (current_worker != this) {
    travelling_job parcel;
    parcel.job.reset(job);
    boost::asio::post(io_, [this, parcel = std::move(parcel)]() mutable {
      ready_.push_back(parcel.job.release());
      run_ready();
    });
    return;
  }
  ready_.push_back(job);
  if (!running_ready_) run_ready_soon();
}

void worker::run_ready() {
  if (running_ready_ || ready_.empty()) return;
  running_ready_ = true;
  for (std::size_t done = 0; !ready_.empty() && done < jobs_per_turn; ++done) {
    auto* job = ready_.front();
    ready_.pop_front();
    run_job(job);
  }
  leave_actors();
}

bool worker::run_now(caf::scheduled_actor& whose, caf::mailbox_element& message) {
  using activation = caf::scheduled_actor::activation_result;
  // As long as its mailbox is open, nobody else runs it: what comes meanwhile lies there until it is closed again.
  if (running_ready_ || !whose.mailbox().try_unblock()) return false;
  running_ready_ = true;
  const auto how = whose.activate(this, message);
  if (how != activation::terminated && !whose.mailbox().try_block()) {
    caf::resumable& job = whose;
    caf::intrusive_ptr_add_ref(&job);
    exec_later(&job);
  }
  leave_actors();
  return how != activation::skipped;
}

void worker::run_ready_soon() {
  if (std::exchange(drain_posted_, true)) return;
  boost::asio::post(io_, [this] {
    drain_posted_ = false;
    run_ready();
  });
}

void worker::leave_actors() {
  running_ready_ = false;
  // Spawning sets it. Then each message would be noted in a table that all workers share, for a log that CAF was built
  // without.
  if (caf::logger::current_logger()) caf::logger::set_current_actor_system(nullptr);
  if (!ready_.empty()) run_ready_soon();
}

void worker::run_job(caf::resumable* job) {
  switch (job->resume(this, messages_per_turn)) {
    case caf::resumable::resume_later: ready_.push_back(job); break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
    case caf::resumable::shutdown_execution_unit: caf::intrusive_ptr_release(job); break;
  }
}

void worker::run() {
  current_worker = this;
  while (!io_.stopped()) {
    io_.poll();
    if (const auto work = before_sleep_.lock()) (*work)();
    io_.run_one();
  }
  current_worker = nullptr;
}

void worker::finish() {
  boost::asio::post(io_, [this] { io_.stop(); });
}

} // namespace gateway

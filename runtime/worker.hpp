#pragma once

#include "runtime/asker.hpp"
#include "runtime/timer_wheel.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace gateway {

/// One thread that is both: the io_context of its sockets and coroutines, and CAF's execution unit for the
/// actors that they message. An actor messaged from here runs here, before the sender's next line.
class worker final : public caf::execution_unit {
 public:
  worker(caf::actor_system& system, std::size_t index);
  ~worker() override;
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// The worker of the calling thread, or nullptr on other threads.
  static worker* current();

  std::size_t index() const { return index_; }
  boost::asio::io_context& io() { return io_; }
  timer_wheel& wheel() { return wheel_; }
  asker& questions() { return *asker_; }

  /// Takes over a reference to `job` and runs it soon, on this worker. From any thread.
  void exec_later(caf::resumable* job) override;

  /// Runs the actors that have something to do, unless this is called from one of them. On this worker only.
  void run_ready();
  /// Lets an actor handle a message before this returns, if it has nothing to do and this is not called from another;
  /// whether it has. On this worker only.
  bool run_now(caf::scheduled_actor& whose, caf::mailbox_element& message);

  /// Called whenever there is nothing left to do but to wait. One at a time; on this worker only.
  void before_sleep(std::weak_ptr<std::function<void()>> work) { before_sleep_ = std::move(work); }

  /// Serves sockets and actors until `finish`.
  void run();
  /// Makes `run` return when it has done what is ready to be done. From any thread.
  void finish();

 private:
  void run_job(caf::resumable* job);
  void run_ready_soon();
  void leave_actors();

  std::size_t index_;
  // Coroutines end with the io_context, and let go of their questions and deadlines then: it goes first.
  asker_ptr asker_;
  timer_wheel wheel_;
  // Only this worker's thread uses its sockets and timers, so nothing of them needs a lock; others may post.
  boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> keep_alive_;
  std::deque<caf::resumable*> ready_;
  std::weak_ptr<std::function<void()>> before_sleep_;
  bool running_ready_ = false;
  bool drain_posted_ = false;
};

} // namespace gateway

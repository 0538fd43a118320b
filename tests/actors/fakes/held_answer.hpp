#pragma once

#include <caf/actor_system.hpp>
#include <caf/local_actor.hpp>
#include <caf/response_promise.hpp>

#include <utility>

namespace gateway::test {

/// An answer that a fake owes, and gives when the test says so.
class held_answer {
 public:
  explicit held_answer(caf::local_actor* fake) : fake_(fake), promise_(fake->make_response_promise()) {}

  /// What the fake's behaviour returns.
  const caf::response_promise& promise() const { return promise_; }

  template <class T>
  void give(T answer) {
    // Between its messages an actor still points to the execution unit of the last one, which is gone.
    fake_->context(fake_->system().dummy_execution_unit());
    promise_.deliver(std::move(answer));
  }

 private:
  caf::local_actor* fake_;
  caf::response_promise promise_; ///< Keeps the fake's memory.
};

} // namespace gateway::test

#pragma once

#include "runtime/prompt.hpp"

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/stateful_actor.hpp>

#include <utility>

namespace gateway {

/// An actor that only ever runs on the worker it was spawned on (runtime/spawn.hpp), whoever messages it:
/// for actors whose neighbours are sockets, and for those that exist once a worker.
template <class Base>
class pinned : public prompt<Base> {
 public:
  explicit pinned(caf::actor_config& config) : prompt<Base>(config), home_(config.host) {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) override {
    prompt<Base>::enqueue(std::move(message), home_);
  }

 private:
  caf::execution_unit* home_;
};

/// The self pointer of a pinned actor with this interface and state.
template <class Handle, class State>
using pinned_pointer = caf::stateful_actor<State, pinned<typename Handle::base>>*;

} // namespace gateway

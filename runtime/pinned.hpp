#pragma once

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <utility>

namespace gateway {

/// Lets an actor that only ever runs at home handle a message before this returns, if it has nothing to do, nobody else
/// runs there, and this is called from there; whether it has.
bool handled_at_once(caf::execution_unit* home, caf::scheduled_actor& whose, caf::mailbox_element& message);

/// An actor that only ever runs on the worker it was spawned on (runtime/spawn.hpp), whoever messages it:
/// for actors whose neighbours are sockets, and for those that exist once a worker. Messaged from there while it has
/// nothing to do, it handles the message at once.
template <class Base>
class pinned : public Base {
 public:
  explicit pinned(caf::actor_config& config) : Base(config), home_(config.host) {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) override {
    if (!handled_at_once(home_, *this, *message)) Base::enqueue(std::move(message), home_);
  }

 private:
  caf::execution_unit* home_;
};

/// The self pointer of a pinned actor with this interface and state.
template <class Handle, class State>
using pinned_pointer = caf::stateful_actor<State, pinned<typename Handle::base>>*;

} // namespace gateway

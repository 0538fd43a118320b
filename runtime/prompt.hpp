#pragma once

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <utility>

namespace gateway {

/// Lets an actor handle a message before this returns, if it has nothing to do and this is called on the worker
/// `where`, outside of any actor; whether it has.
bool handled_at_once(caf::execution_unit* where, caf::scheduled_actor& whose, caf::mailbox_element& message);

/// An actor that handles a message at once, past its mailbox, when it has nothing to do and the sender runs on a
/// worker: for those that every request asks.
template <class Base>
class prompt : public Base {
 public:
  explicit prompt(caf::actor_config& config) : Base(config) {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* where) override {
    if (!handled_at_once(where, *this, *message)) Base::enqueue(std::move(message), where);
  }
};

/// The self pointer of a prompt actor with this interface and state.
template <class Handle, class State>
using prompt_pointer = caf::stateful_actor<State, prompt<typename Handle::base>>*;

} // namespace gateway

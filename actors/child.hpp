#pragma once

#include "actors/interfaces.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_clock.hpp>
#include <caf/atom.hpp>
#include <caf/response_type.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace gateway {

using ready_atom = caf::atom_constant<caf::atom("ready")>;
using restart_atom = caf::atom_constant<caf::atom("restart")>;

/// SUPERVISOR, and what it tells itself: that the actor with this number was not ready yet and is to be asked again, or
/// has been dead long enough.
using supervisor_self =
    supervisor_actor::extend<caf::reacts_to<ready_atom, std::uint64_t>, caf::reacts_to<restart_atom, std::uint64_t>>;

/// What the supervisor can do with a running actor, whatever its type.
struct running_child {
  caf::actor_addr address;
  std::function<void(const roster_ptr&)> introduce; ///< Tells it its neighbours; empty when it has none.
  /// Asks whether it is ready, or to let go of what it holds; each calls back once, with whether it did.
  std::function<void(std::chrono::milliseconds, std::function<void(bool)>)> ping;
  std::function<void(std::chrono::milliseconds, std::function<void(bool)>)> drain;
  std::function<void()> stop;
};

/// One place in the house: who is there, and how to fill it again.
struct child {
  std::string name;
  std::function<running_child(supervisor_self::pointer, roster&)> start; ///< Starts it and writes it into the roster.
  running_child now;
  bool door = false; ///< Lets callers in: closed before anybody is ended.
  std::uint64_t restarts = 0;
  std::chrono::milliseconds delay{0}; ///< Before the next restart.
  caf::actor_clock::time_point started_at{};
};

namespace detail {

template <class Handle, class... Ts>
constexpr bool takes = caf::response_type<typename Handle::signatures, Ts...>::valid;

template <class Atom, class Handle>
std::function<void(std::chrono::milliseconds, std::function<void(bool)>)> asking(supervisor_self::pointer self,
                                                                                 const Handle& handle) {
  if constexpr (takes<Handle, Atom>) {
    return [self, handle](std::chrono::milliseconds patience, std::function<void(bool)> then) {
      self->request(handle, patience, Atom::value)
          .then([then] { then(true); }, [then](const caf::error&) { then(false); });
    };
  }
  return [](std::chrono::milliseconds, const std::function<void(bool)>& then) { then(true); };
}

} // namespace detail

/// Takes charge of an actor that was just started.
template <class Handle>
running_child supervise(supervisor_self::pointer self, const Handle& handle) {
  self->monitor(handle);
  running_child running;
  running.address = caf::actor_cast<caf::actor_addr>(handle);
  if constexpr (detail::takes<Handle, roster_atom, roster_ptr>)
    running.introduce = [self, handle](const roster_ptr& people) { self->send(handle, roster_atom::value, people); };
  running.ping = detail::asking<ping_atom>(self, handle);
  running.drain = detail::asking<drain_atom>(self, handle);
  running.stop = [self, handle] { self->send_exit(handle, caf::exit_reason::user_shutdown); };
  return running;
}

/// A place filled by `factory`; `seat` is where its handle stands in the roster.
template <class Handle, class Seat>
child make_child(std::string name, std::function<Handle()> factory, Seat seat) {
  child made;
  made.name = std::move(name);
  made.start = [factory = std::move(factory), seat](supervisor_self::pointer self, roster& people) {
    auto handle = factory();
    seat(people, handle);
    return supervise(self, handle);
  };
  return made;
}

} // namespace gateway

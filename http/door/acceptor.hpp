#pragma once

#include "actors/interfaces.hpp"
#include "http/door/listener.hpp"
#include "http/service.hpp"
#include "runtime/pinned.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace gateway {

struct acceptor_state {
  static constexpr const char* name = "acceptor";

  ~acceptor_state() {
    if (open) open->close();
  }

  std::shared_ptr<listener> open;
};

/// Listens from its first roster on. Its death closes the door, not the sessions: they go on, and its successor listens
/// at the same address.
acceptor_actor::behavior_type acceptor(pinned_pointer<acceptor_actor, acceptor_state> self, service* house,
                                       reserved_address where);

} // namespace gateway

#pragma once

#include "actors/interfaces.hpp"
#include "storage/audit_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace gateway {

struct audit_reader_state {
  static constexpr const char* name = "audit_reader";
};

/// Runs detached: the store blocks.
audit_reader_actor::behavior_type audit_reader(audit_reader_actor::stateful_pointer<audit_reader_state> self,
                                               std::shared_ptr<audit_view> log);

} // namespace gateway

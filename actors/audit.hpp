#pragma once

#include "actors/group_commit.hpp"
#include "actors/interfaces.hpp"
#include "storage/audit_store.hpp"

#include <caf/atom.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace gateway {

using next_atom = caf::atom_constant<caf::atom("next")>;

/// AUDIT, and what it tells itself: to commit the next group.
using audit_self = audit_actor::extend<caf::reacts_to<next_atom>>;

struct audit_state {
  static constexpr const char* name = "audit";

  std::optional<group_commit> log;
};

/// Runs detached: the store blocks. The commit is a message at the end of the mailbox, so that it takes with it
/// everything that came during the one before. Whoever is told `dependency_unavailable` keeps its records and records
/// them again.
audit_self::behavior_type audit(audit_self::stateful_pointer<audit_state> self, std::shared_ptr<audit_store> store,
                                std::size_t batch);

} // namespace gateway

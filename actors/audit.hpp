#pragma once

#include "actors/audit_index.hpp"
#include "actors/audit_settings.hpp"
#include "actors/audit_upkeep.hpp"
#include "actors/group_commit.hpp"
#include "actors/interfaces.hpp"
#include "runtime/own_thread.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"

#include <caf/atom.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>

namespace gateway {

using next_atom = caf::atom_constant<caf::atom("next")>;
using index_atom = caf::atom_constant<caf::atom("index")>;
using trim_atom = caf::atom_constant<caf::atom("trim")>;

/// AUDIT, and what it tells itself: to commit the next group, to bring into the log what waits for that, and to trim
/// the log.
using audit_self =
    audit_actor::extend<caf::reacts_to<next_atom>, caf::reacts_to<index_atom>, caf::reacts_to<trim_atom>>;

struct audit_state {
  static constexpr const char* name = "audit";

  std::optional<audit_index> index;
  std::optional<group_commit> commits; ///< Refers to the index.
  std::optional<audit_upkeep> upkeep;
  bool index_is_due = false; ///< A message for it is under way.
};

/// On a thread of its own (runtime/own_thread.hpp): journal and log block. The commit is a message at the end of the
/// mailbox, so that it takes with it everything that came during the one before. Whoever is told
/// `dependency_unavailable` keeps its entries and records them again. A restarted one goes on with what the journal
/// holds. Asked to end, it brings everything into the log.
audit_self::behavior_type audit(secluded_pointer<audit_self, audit_state> self, std::shared_ptr<audit_store> log,
                                std::shared_ptr<audit_journal> journal, audit_settings how);

} // namespace gateway

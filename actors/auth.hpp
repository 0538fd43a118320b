#pragma once

#include "actors/interfaces.hpp"
#include "domain/keys/key_table.hpp"
#include "runtime/pinned.hpp"

#include <caf/atom.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>

namespace gateway {

using retry_atom = caf::atom_constant<caf::atom("retry")>;

/// AUTH, and what it tells itself: to ask again for the table, unless KEYS has been replaced since that turn.
using auth_self = auth_actor::extend<caf::reacts_to<retry_atom, std::uint64_t>>;

struct auth_state {
  static constexpr const char* name = "auth";

  key_table table;
  keys_actor keys;                    ///< Whom the table comes from.
  std::uint64_t turn = 0;             ///< Counts the KEYS seen so far.
  std::uint64_t table_of = 0;         ///< The turn that `table` came in; 0: there is none yet.
  std::chrono::milliseconds pause{0}; ///< Before the next try; doubles with each failure.
};

/// Starts without a table, and refuses with `dependency_unavailable` until the first roster has brought one. A table
/// serves until the next is there, also while KEYS is gone. Snapshots replace the table and changes are written into it
/// in the order of their arrival; that is the order in which KEYS committed them, since it answers `subscribe` before
/// any later change.
auth_self::behavior_type auth(pinned_pointer<auth_self, auth_state> self);

} // namespace gateway

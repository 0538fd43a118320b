#pragma once

#include "actors/interfaces.hpp"
#include "tests/simulation/disk.hpp"

#include <caf/atom.hpp>
#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <vector>

namespace gateway::simulation {

using late_atom = caf::atom_constant<caf::atom("late")>;
using lossy_ledger_self = ledger_actor::extend<caf::reacts_to<late_atom>>;

struct lossy_ledger_state {
  static constexpr const char* name = "post";
  std::vector<caf::response_promise> lost;
  std::vector<std::function<void()>> late;
};

/// The way to a ledger, on which questions and answers are lost, or come when nobody waits for them any more. It lives
/// and dies with the ledger behind it.
lossy_ledger_self::behavior_type lossy_ledger(lossy_ledger_self::stateful_pointer<lossy_ledger_state> self,
                                              ledger_actor behind, disk_access_ptr way);

} // namespace gateway::simulation

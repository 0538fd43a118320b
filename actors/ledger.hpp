#pragma once

#include "actors/interfaces.hpp"
#include "storage/ledger_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>

namespace gateway {

struct ledger_state {
  static constexpr const char* name = "ledger";

  std::shared_ptr<ledger_store> store;
  std::chrono::sys_days newest{}; ///< The latest day on which anybody wished for something.
};

/// Runs detached: the store blocks. Entries are kept for eight days after their day or month.
ledger_actor::behavior_type ledger(ledger_actor::stateful_pointer<ledger_state> self,
                                   std::shared_ptr<ledger_store> store);

} // namespace gateway

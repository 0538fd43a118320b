#pragma once

#include "actors/interfaces.hpp"
#include "domain/quota/quota_book.hpp"
#include "runtime/prompt.hpp"

#include <caf/atom.hpp>
#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

using tick_atom = caf::atom_constant<caf::atom("tick")>;

/// QUOTA, and what it tells itself now and then: to give back what lies idle, and to have its leases prolonged.
using quota_self = quota_actor::extend<caf::reacts_to<tick_atom>>;

/// A clock that nobody sets, from any beginning.
inline timestamp steady_clock_now() {
  return timestamp(std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()));
}

struct quota_settings {
  std::chrono::milliseconds hold_lifetime{660'000}; ///< More than any request may take.
  std::chrono::milliseconds ledger_timeout{5'000};
  std::chrono::milliseconds tick{10'000};
  std::optional<std::uint32_t> epoch{}; ///< Of the hold ids; nothing: a random one.
  std::function<timestamp()> clock = wall_clock_now;
  std::function<timestamp()> steady_clock = steady_clock_now; ///< Says how old holds, minutes and leases are.
};

/// An ask that the book can only answer once the ledger has answered.
struct parked_ask {
  enum class kind : std::uint8_t { reserve, extend, balances };
  kind what;
  principal_ptr who; ///< Not of one that extends.
  hold_id hold = 0;  ///< Of one that extends.
  quota_amount wanted;
  timestamp now{}; ///< Of the asker, when it asked.
  caf::response_promise promise;
  int rounds = 0; ///< How often the ledger was asked for it.
};

/// Those of a tenant wait for each other, since they share its limits. A request that runs already waits for nobody:
/// it has a place of its own, named by its hold.
using parking = std::pair<hold_id, std::string>;

struct quota_state {
  static constexpr const char* name = "quota";

  quota_state() = default;
  /// Whoever still waits is told that the shard is gone.
  ~quota_state();

  quota_settings settings;
  std::string owner; ///< The shard's name in the ledger.
  std::optional<quota_book> book;
  ledger_actor ledger;
  /// In the order they came. The ledger is being asked for the first of each queue; the others must not overtake it.
  std::map<parking, std::deque<parked_ask>> parked;
  std::size_t asks = 0; ///< Under way to the ledger.
  bool draining = false;
  std::vector<caf::response_promise> drainers;
};

/// Refuses with `dependency_unavailable` until the first roster has brought a ledger, and while the ledger fails where
/// its word is needed; what is leased already is spent meanwhile, for `lease_lifetime` after its last answer. An answer
/// of the ledger that comes too late is forfeited.
quota_self::behavior_type quota(prompt_pointer<quota_self, quota_state> self, quota_settings settings,
                                std::string owner);

} // namespace gateway

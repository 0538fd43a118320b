#pragma once

#include "actors/interfaces.hpp"
#include "domain/quota/quota_book.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway {

struct quota_settings {
  std::chrono::milliseconds hold_lifetime{660'000}; ///< More than any request may take.
  std::chrono::milliseconds ledger_timeout{5'000};
  std::optional<std::uint32_t> epoch; ///< Of the hold ids; nothing: a random one.
};

/// An ask that the book can only answer once the ledger has answered.
struct parked_ask {
  principal_ptr who;
  std::optional<quota_amount> wanted; ///< Nothing: it asks for balances.
  timestamp now{};
  caf::response_promise promise;
  int rounds = 0; ///< How often the ledger was asked for it.
};

struct quota_state {
  static constexpr const char* name = "quota";

  quota_state() = default;
  /// Whoever still waits is told that the shard is gone.
  ~quota_state();

  quota_settings settings;
  std::string owner; ///< The shard's name in the ledger.
  std::optional<quota_book> book;
  ledger_actor ledger;
  /// By key_id, in the order they came. The ledger is being asked for the first of each queue; the others must not
  /// overtake it.
  std::unordered_map<std::string, std::deque<parked_ask>> parked;
  std::size_t asks = 0; ///< Under way to the ledger.
  bool draining = false;
  std::vector<caf::response_promise> drainers;
};

/// Refuses with `dependency_unavailable` until the first roster has brought a ledger, and while the ledger fails where
/// its word is needed; what is leased already is spent meanwhile. An answer of the ledger that comes too late is
/// forfeited.
quota_actor::behavior_type quota(quota_actor::stateful_pointer<quota_state> self, quota_settings settings,
                                 std::string owner);

} // namespace gateway

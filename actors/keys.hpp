#pragma once

#include "actors/confirmations.hpp"
#include "actors/interfaces.hpp"
#include "actors/key_admin.hpp"
#include "storage/key_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>

namespace gateway {

struct keys_state {
  static constexpr const char* name = "keys";

  std::optional<key_admin> admin;
  std::map<caf::actor_id, auth_actor> subscribers;
  std::size_t expected = 0; ///< Subscribers, before the first change.
  bool is_complete = false; ///< They have been there, all at once.
  confirmations changes;    ///< Committed, and not yet confirmed by every subscriber.
};

/// Runs detached: the store blocks. A change is committed first, then told to every subscriber, then answered. An
/// operator who is told `dependency_unavailable` because a subscriber did not confirm within 5 s, or because this actor
/// was stopped meanwhile, finds the change made; the message says so. Since it is sent from the handler that commits
/// it, every subscriber hears of the changes in the order of their commits. A subscriber that died is waited for no
/// more.
///
/// Changes are refused until as many AUTHs as there are (`auths`) have subscribed: after a restart, one that still
/// reads the table of an earlier life would not hear of them.
keys_actor::behavior_type keys(keys_actor::stateful_pointer<keys_state> self, std::shared_ptr<key_store> store,
                               std::size_t auths);

} // namespace gateway

#pragma once

#include "actors/interfaces.hpp"
#include "domain/targets/target_table.hpp"
#include "runtime/pinned.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace gateway {

struct chat_upstream_state {
  static constexpr const char* name = "chat_upstream";

  std::optional<target_table> targets;
};

/// What it knows of targets is forgotten with it: its successor gives all of them a chance.
chat_upstream_actor::behavior_type chat_upstream(pinned_pointer<chat_upstream_actor, chat_upstream_state> self,
                                                 target_settings settings);

} // namespace gateway

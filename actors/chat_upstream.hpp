#pragma once

#include "actors/interfaces.hpp"
#include "domain/route.hpp"
#include "domain/targets/target_choice.hpp"
#include "runtime/pinned.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>
#include <random>

namespace gateway {

struct chat_upstream_state {
  static constexpr const char* name = "chat_upstream";

  std::shared_ptr<const route_table> routes;
  health_by_upstream health; ///< Of every upstream that a route names.
  std::mt19937_64 random;
};

/// Knows the upstreams as this worker's calls found them. Every pick counts as a call in flight until its report, so
/// whoever picks must report, whatever becomes of the call. A restart forgets what was known.
chat_upstream_actor::behavior_type chat_upstream(pinned_pointer<chat_upstream_actor, chat_upstream_state> self,
                                                 std::shared_ptr<const route_table> routes, std::uint64_t seed);

} // namespace gateway

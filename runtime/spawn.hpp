#pragma once

#include "runtime/worker.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>

#include <type_traits>
#include <utility>

namespace gateway {

/// Starts a function-based actor on a worker. A pinned one (runtime/pinned.hpp) stays there.
template <class Fun, class... Ts>
auto spawn_on(worker& on, Fun fun, Ts&&... xs) {
  caf::actor_config config{&on};
  return on.system().spawn_functor<caf::no_spawn_options>(std::true_type{}, config, fun, std::forward<Ts>(xs)...);
}

} // namespace gateway

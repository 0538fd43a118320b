#pragma once

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/spawn_options.hpp>

#include <type_traits>
#include <utility>

namespace gateway {

/// Starts a function-based actor on a worker, or on a thread of its own. A pinned one (runtime/pinned.hpp), or a
/// secluded one (runtime/own_thread.hpp), stays there.
template <class Fun, class... Ts>
auto spawn_on(caf::execution_unit& on, Fun fun, Ts&&... xs) {
  caf::actor_config config{&on};
  return on.system().spawn_functor<caf::no_spawn_options>(std::true_type{}, config, fun, std::forward<Ts>(xs)...);
}

} // namespace gateway

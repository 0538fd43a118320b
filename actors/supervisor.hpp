#pragma once

#include "actors/child.hpp"
#include "actors/interfaces.hpp"
#include "actors/plan.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

struct supervisor_settings {
  std::chrono::milliseconds drain{30000};        ///< How long one actor may take to drain.
  std::chrono::milliseconds first_delay{10};     ///< Before an actor that died is started again; doubles with each
  std::chrono::milliseconds longest_delay{5000}; ///< death up to this, and starts over
  std::chrono::milliseconds calm{60000};         ///< when it lived for so long.
  /// Told what happens to whom, for the log: `started`, `died` (with the reason), `stopped`.
  std::function<void(std::string_view event, const std::string& actor, const std::string& reason)> on_event;
};

struct supervisor_state {
  std::vector<child> children; ///< In the order they start; the acceptors last.
  std::shared_ptr<roster> people = std::make_shared<roster>();
  std::vector<caf::response_promise> waiting; ///< Askers of the first roster.
  std::vector<caf::response_promise> drainers;
  std::size_t started = 0;
  bool open = false;         ///< Everybody has been started.
  bool closing = false;      ///< The doors close: those behind them are still needed, and restarted.
  bool doors_closed = false; ///< The last caller is gone: nobody is started any more.
  static constexpr const char* name = "supervisor";
};

/// Starts everybody in the plan's order (the next when the one before is ready), restarts who dies, with a
/// growing delay, and tells all who have neighbours of the new roster.
supervisor_self::behavior_type supervisor(supervisor_self::stateful_pointer<supervisor_state> self, plan what,
                                          supervisor_settings settings);

} // namespace gateway

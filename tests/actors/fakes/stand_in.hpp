#pragma once

#include "actors/interfaces.hpp"
#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

/// Somebody who takes any place in the house, and does there only what the supervisor may ask of it. The script
/// outlives its lives.
struct stand_in_script {
  std::string name;
  std::shared_ptr<std::vector<std::string>> journal; ///< Of all places: `start ledger`, `ping`, `drain`, `end`.
  bool is_ready = true;
  bool holds_pings = false;  ///< Its answer waits for the test.
  bool holds_drains = false; ///< Its answer waits for the test.
  std::deque<held_answer> open;
  std::vector<roster_ptr> met;
  caf::actor now; ///< Its present life.

  void note(const char* what) const { journal->push_back(std::string(what) + " " + name); }

  void answer() {
    REQUIRE_FALSE(open.empty());
    open.front().give(caf::unit);
    open.pop_front();
  }
};
using stand_in_ptr = std::shared_ptr<stand_in_script>;

inline caf::behavior stand_in(caf::event_based_actor* self, stand_in_ptr script) {
  self->attach_functor([script](const caf::error&) { script->note("end"); });
  self->set_default_handler([script](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
    FAIL_CHECK(script->name << " was sent a message that was not scripted");
    return caf::sec::unexpected_message;
  });
  return {
      [self, script](ping_atom) -> caf::result<void> {
        script->note("ping");
        if (script->holds_pings) {
          script->open.emplace_back(self);
          return script->open.back().promise();
        }
        if (!script->is_ready) return to_error(unavailable("not yet"));
        return caf::unit;
      },
      [self, script](drain_atom) -> caf::result<void> {
        script->note("drain");
        if (!script->holds_drains) return caf::unit;
        script->open.emplace_back(self);
        return script->open.back().promise();
      },
      [script](roster_atom, const roster_ptr& people) { script->met.push_back(people); },
  };
}

/// A factory for the place: each call starts another life.
template <class Handle>
std::function<Handle()> stand_in_for(caf::actor_system& system, stand_in_ptr script) {
  return [&system, script] {
    script->note("start");
    script->now = system.spawn(stand_in, script);
    return caf::actor_cast<Handle>(script->now);
  };
}

} // namespace gateway::test

#pragma once

#include "actors/interfaces.hpp"
#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace gateway::test {

/// AUTH that writes down the changes it is told of, and confirms each at once or when the test says so.
struct auth_script {
  bool confirms_at_once = true;
  std::vector<key_change> heard;
  std::vector<held_answer> open;

  void confirm(std::size_t which = 0) {
    REQUIRE(which < open.size());
    open[which].give(caf::unit);
  }

  void refuse(std::size_t which = 0) {
    REQUIRE(which < open.size());
    open[which].give(to_error(unavailable("no room")));
  }
};

inline auth_actor::behavior_type fake_auth(auth_actor::pointer self, std::shared_ptr<auth_script> script) {
  auto unscripted = [] {
    FAIL_CHECK("a message that was not scripted");
    return to_error({});
  };
  return {
      [=](authenticate_atom, const key_digest&, timestamp) -> caf::result<principal_ptr> { return unscripted(); },
      [self, script](update_atom, const key_change& change) -> caf::result<void> {
        script->heard.push_back(change);
        if (script->confirms_at_once) return caf::unit;
        script->open.emplace_back(self);
        return script->open.back().promise();
      },
      [self, script](update_atom, const key_snapshot& changed) -> caf::result<void> {
        for (const auto& key : *changed)
          script->heard.push_back({key.who.key_id, std::make_shared<const key_record>(key)});
        if (script->confirms_at_once) return caf::unit;
        script->open.emplace_back(self);
        return script->open.back().promise();
      },
      [=](ping_atom) -> caf::result<void> { return unscripted(); },
      [=](roster_atom, const roster_ptr&) { unscripted(); },
  };
}

} // namespace gateway::test

#pragma once

#include "actors/interfaces.hpp"
#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace gateway::test {

/// KEYS that takes subscriptions and answers each when the test says so.
struct keys_script {
  std::size_t asked = 0; ///< Subscriptions so far.
  std::deque<held_answer> open;

  void answer(std::vector<key_record> keys) {
    REQUIRE_FALSE(open.empty());
    open.front().give(key_snapshot(std::make_shared<const std::vector<key_record>>(std::move(keys))));
    open.pop_front();
  }

  void refuse() {
    REQUIRE_FALSE(open.empty());
    open.front().give(to_error(unavailable("the store is not there")));
    open.pop_front();
  }
};

inline keys_actor::behavior_type fake_keys(keys_actor::pointer self, std::shared_ptr<keys_script> script) {
  auto unscripted = [] {
    FAIL_CHECK("a message that was not scripted");
    return to_error({});
  };
  return {
      [=](create_atom, const new_key&, timestamp) -> caf::result<issued_key> { return unscripted(); },
      [=](find_atom, const std::string&) -> caf::result<key_record> { return unscripted(); },
      [=](list_atom, const key_query&) -> caf::result<key_page> { return unscripted(); },
      [=](update_atom, const std::string&, const key_changes&, timestamp) -> caf::result<changed_key> {
        return unscripted();
      },
      [=](erase_atom, const std::string&) -> caf::result<key_record> { return unscripted(); },
      [=](rotate_atom, const std::string&, std::chrono::seconds, timestamp) -> caf::result<issued_key> {
        return unscripted();
      },
      [=](tenant_atom, const std::string&) -> caf::result<tenant_record> { return unscripted(); },
      [=](tenant_atom, const std::string&, const tenant_limits&) -> caf::result<changed_tenant> {
        return unscripted();
      },
      [self, script](subscribe_atom, const auth_actor&) -> caf::result<key_snapshot> {
        ++script->asked;
        script->open.emplace_back(self);
        return script->open.back().promise();
      },
      [=](ping_atom) -> caf::result<void> { return unscripted(); },
  };
}

} // namespace gateway::test

#pragma once

#include "actors/keys.hpp"
#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/auth.hpp"
#include "tests/actors/fakes/key_store.hpp"
#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

/// One AUTH as the test scripts it.
struct listener {
  std::shared_ptr<auth_script> script = std::make_shared<auth_script>();
  auth_actor actor;

  std::vector<std::string> heard() const {
    std::vector<std::string> ids;
    for (const auto& change : script->heard) ids.push_back(change.key_id + (change.now ? "" : " gone"));
    return ids;
  }
};

/// KEYS over a store in memory, two AUTHs that listen to it, and one key named `mine`.
struct keys_fixture : actor_fixture {
  std::shared_ptr<flaky_key_store> store = std::make_shared<flaky_key_store>();
  keys_actor desk = keep(system.spawn(keys, store, std::size_t{2}));
  listener left = listen();
  listener right = listen();

  keys_fixture() {
    REQUIRE(ask<issued_key>(desk, create_atom::value, wish("mine"), noon));
    left.script->heard.clear();
    right.script->heard.clear();
  }

  listener listen() {
    listener it;
    it.actor = keep(system.spawn(fake_auth, it.script));
    REQUIRE(ask<key_snapshot>(desk, subscribe_atom::value, it.actor));
    return it;
  }

  static new_key wish(std::string key_id) {
    new_key wanted;
    wanted.tenant_id = "acme";
    wanted.key_id = std::move(key_id);
    return wanted;
  }

  pending_answer<changed_key> rename(std::string name) {
    key_changes changes;
    changes.name = std::move(name);
    auto answer = begin_ask<changed_key>(*this, desk, update_atom::value, std::string("mine"), changes, noon);
    run();
    return answer;
  }

  void hold_confirmations() { left.script->confirms_at_once = right.script->confirms_at_once = false; }

  void kill(const auth_actor& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::kill);
    run();
  }
};

} // namespace gateway::test

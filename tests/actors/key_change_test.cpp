#include "actors/auth.hpp"
#include "actors/keys.hpp"
#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/key_store.hpp"
#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// KEYS and two AUTHs, all real, over a store that outlives them.
struct key_change_fixture : actor_fixture {
  std::shared_ptr<flaky_key_store> store = std::make_shared<flaky_key_store>();
  keys_actor desk;
  std::vector<auth_actor> guards;

  void start() {
    desk = keep(system.spawn(keys, store, std::size_t{2}));
    guards = {keep(system.spawn(auth)), keep(system.spawn(auth))};
  }

  void introduce() {
    auto now = std::make_shared<roster>();
    now->keys = desk;
    for (const auto& guard : guards) self->send(guard, roster_atom::value, roster_ptr(now));
  }

  void kill(const caf::actor& whom) { caf::anon_send_exit(whom, caf::exit_reason::kill); }

  void kill_everybody() {
    kill(caf::actor_cast<caf::actor>(desk));
    for (const auto& guard : guards) kill(caf::actor_cast<caf::actor>(guard));
    run();
  }

  std::string issue(const std::string& key_id) {
    new_key wanted;
    wanted.tenant_id = "acme";
    wanted.key_id = key_id;
    auto issued = ask<issued_key>(desk, create_atom::value, wanted, noon);
    REQUIRE(issued);
    return issued->key.reveal();
  }

  /// How many of the AUTHs let this key in.
  int open_doors(const std::string& key, timestamp now = noon) {
    int open = 0;
    for (const auto& guard : guards)
      open += ask<principal_ptr>(guard, authenticate_atom::value, digest_of(key), now).has_value() ? 1 : 0;
    return open;
  }

  void run_backwards() {
    while (scheduler().try_run_once_lifo()) {
    }
  }
};

TEST_CASE_METHOD(key_change_fixture, "a key opens every door from its creation to its removal") {
  start();
  introduce();
  run();
  auto key = issue("mine");
  CHECK(open_doors(key) == 2);
  key_changes off;
  off.active = false;
  REQUIRE(ask<key_record>(desk, update_atom::value, std::string("mine"), off, noon));
  CHECK(open_doors(key) == 0);
  key_changes on;
  on.active = true;
  REQUIRE(ask<key_record>(desk, update_atom::value, std::string("mine"), on, noon));
  CHECK(open_doors(key) == 2);
  REQUIRE(ask<void>(desk, erase_atom::value, std::string("mine")));
  CHECK(open_doors(key) == 0);
}

TEST_CASE_METHOD(key_change_fixture,
                 "after a rotation the old secret opens until the grace ends, the new one from the start") {
  start();
  introduce();
  run();
  auto old_key = issue("mine");
  auto rotated = ask<issued_key>(desk, rotate_atom::value, std::string("mine"), 60s, noon);
  REQUIRE(rotated);
  CHECK(open_doors(rotated->key.reveal()) == 2);
  CHECK(open_doors(old_key, noon + 60s - tick) == 2);
  CHECK(open_doors(old_key, noon + 60s) == 0);
  auto at_once = ask<issued_key>(desk, rotate_atom::value, std::string("mine"), 0s, noon);
  REQUIRE(at_once);
  CHECK(open_doors(rotated->key.reveal()) == 0);
  CHECK(open_doors(at_once->key.reveal()) == 2);
}

TEST_CASE_METHOD(key_change_fixture, "killed and started again, everybody knows what was stored") {
  start();
  introduce();
  run();
  auto kept = issue("kept");
  auto erased = issue("erased");
  REQUIRE(ask<void>(desk, erase_atom::value, std::string("erased")));
  kill_everybody();
  start();
  CHECK(open_doors(kept) == 0);
  introduce();
  run();
  CHECK(open_doors(kept) == 2);
  CHECK(open_doors(erased) == 0);
}

TEST_CASE_METHOD(key_change_fixture, "an AUTH that comes back hears of changes again") {
  start();
  introduce();
  run();
  auto key = issue("mine");
  kill(caf::actor_cast<caf::actor>(guards[0]));
  run();
  guards[0] = keep(system.spawn(auth));
  introduce();
  run();
  CHECK(open_doors(key) == 2);
  REQUIRE(ask<void>(desk, erase_atom::value, std::string("mine")));
  CHECK(open_doors(key) == 0);
}

TEST_CASE_METHOD(key_change_fixture,
                 "a change beside a subscription is never lost, in whatever order they are delivered") {
  start();
  auto key = issue("mine");
  auto change_first = GENERATE(true, false);
  auto backwards = GENERATE(true, false);
  CAPTURE(change_first, backwards);
  pending_answer<void> gone;
  auto change = [&] { gone = begin_ask<void>(*this, desk, erase_atom::value, std::string("mine")); };
  if (change_first) change();
  introduce();
  if (!change_first) change();
  backwards ? run_backwards() : run();
  REQUIRE(went_well(gone));
  CHECK(open_doors(key) == 0);
}

TEST_CASE_METHOD(key_change_fixture, "a change that reaches KEYS between two subscriptions is known to both AUTHs") {
  start();
  auto key = issue("mine");
  auto now = std::make_shared<roster>();
  now->keys = desk;
  self->send(guards[0], roster_atom::value, roster_ptr(now));
  scheduler().run_once(); // The first AUTH starts and subscribes; KEYS has yet to answer.
  auto gone = begin_ask<void>(*this, desk, erase_atom::value, std::string("mine"));
  scheduler().run_once();
  self->send(guards[1], roster_atom::value, roster_ptr(now));
  run();
  REQUIRE(went_well(gone));
  CHECK(open_doors(key) == 0);
}

} // namespace
} // namespace gateway

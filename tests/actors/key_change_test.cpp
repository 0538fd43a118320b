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

  void introduce(const auth_actor& guard) {
    auto now = std::make_shared<roster>();
    now->keys = desk;
    self->send(guard, roster_atom::value, roster_ptr(now));
  }

  void introduce() {
    for (const auto& guard : guards) introduce(guard);
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
  int open_doors(const key_digest& key, timestamp now = noon) {
    int open = 0;
    for (const auto& guard : guards)
      open += ask<principal_ptr>(guard, authenticate_atom::value, key, now).has_value() ? 1 : 0;
    return open;
  }

  int open_doors(const std::string& key, timestamp now = noon) { return open_doors(digest_of(key), now); }

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
  REQUIRE(ask<changed_key>(desk, update_atom::value, std::string("mine"), off, noon));
  CHECK(open_doors(key) == 0);
  key_changes on;
  on.active = true;
  REQUIRE(ask<changed_key>(desk, update_atom::value, std::string("mine"), on, noon));
  CHECK(open_doors(key) == 2);
  REQUIRE(ask<key_record>(desk, erase_atom::value, std::string("mine")));
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
  REQUIRE(ask<key_record>(desk, erase_atom::value, std::string("erased")));
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
  REQUIRE(ask<key_record>(desk, erase_atom::value, std::string("mine")));
  CHECK(open_doors(key) == 0);
}

TEST_CASE_METHOD(key_change_fixture, "a removal beside subscriptions is refused or holds at every door, in any order") {
  REQUIRE(store->inner().insert(sample_key("mine", {secret_number(1)})));
  start();
  auto change_after = GENERATE(0, 1, 2);
  auto backwards = GENERATE(true, false);
  CAPTURE(change_after, backwards);
  pending_answer<key_record> gone;
  for (int i = 0; i <= 2; ++i) {
    if (i == change_after) gone = begin_ask<key_record>(*this, desk, erase_atom::value, std::string("mine"));
    if (i < 2) introduce(guards[static_cast<std::size_t>(i)]);
  }
  backwards ? run_backwards() : run();
  REQUIRE(gone->has_value());
  CHECK((went_well(gone) || was_refused(gone, ec::dependency_unavailable)));
  CHECK(open_doors(digest_number(1)) == (went_well(gone) ? 0 : 2));
  if (!went_well(gone)) CHECK(ask<key_record>(desk, erase_atom::value, std::string("mine")));
  CHECK(open_doors(digest_number(1)) == 0);
}

TEST_CASE_METHOD(key_change_fixture,
                 "a KEYS that was restarted makes no change while a door still goes by the old table") {
  start();
  introduce();
  run();
  auto key = issue("mine");
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  run();
  desk = keep(system.spawn(keys, store, std::size_t{2}));
  introduce(guards[0]);
  run();
  CHECK(ask<key_record>(desk, erase_atom::value, std::string("mine")).error().code == ec::dependency_unavailable);
  CHECK(open_doors(key) == 2);
  introduce(guards[1]);
  run();
  CHECK(ask<key_record>(desk, erase_atom::value, std::string("mine")));
  CHECK(open_doors(key) == 0);
}

} // namespace
} // namespace gateway

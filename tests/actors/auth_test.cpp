#include "actors/auth.hpp"

#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/keys.hpp"
#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// An AUTH, and KEYS as the test scripts them.
struct auth_fixture : actor_fixture {
  auth_actor guard = keep(system.spawn(auth));
  std::shared_ptr<keys_script> script = std::make_shared<keys_script>();
  keys_actor keys = keep(system.spawn(fake_keys, script));

  void introduce(const keys_actor& whom) {
    auto now = std::make_shared<roster>();
    now->keys = whom;
    self->send(guard, roster_atom::value, roster_ptr(now));
    run();
  }

  /// The first table is there.
  void load(std::vector<key_record> all) {
    introduce(keys);
    script->answer(std::move(all));
    run();
  }

  void change(const std::string& key_id, std::optional<key_record> now) {
    key_change what{key_id, now ? std::make_shared<const key_record>(*now) : nullptr};
    REQUIRE(ask<void>(guard, update_atom::value, what));
  }

  result<principal_ptr> knock(std::uint8_t number, timestamp now = noon) {
    return ask<principal_ptr>(guard, authenticate_atom::value, digest_number(number), now);
  }

  bool is_ready() { return ask<void>(guard, ping_atom::value).has_value(); }
};

key_record with_tenant(key_record key, std::string tenant_id) {
  key.who.tenant_id = std::move(tenant_id);
  return key;
}

TEST_CASE_METHOD(auth_fixture, "without a table nobody is let in, and the caller is told to come again") {
  CHECK_FALSE(is_ready());
  introduce(keys);
  CHECK_FALSE(is_ready());
  auto refused = knock(1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::dependency_unavailable);
  CHECK(refused.error().retry_after == 1s);
}

TEST_CASE_METHOD(auth_fixture, "with the table a key opens, and an unknown one does not") {
  load({sample_key("one", {secret_number(1)})});
  CHECK(is_ready());
  REQUIRE(knock(1));
  CHECK((*knock(1))->key_id == "one");
  REQUIRE_FALSE(knock(2));
  CHECK(knock(2).error().code == ec::invalid_api_key);
}

TEST_CASE_METHOD(auth_fixture, "expiry is judged at the moment of the request") {
  auto key = sample_key("one", {secret_number(1)});
  key.who.expires_at = noon;
  load({key});
  CHECK(knock(1, noon - tick));
  CHECK_FALSE(knock(1, noon));
}

TEST_CASE_METHOD(auth_fixture, "a change replaces a key with all its secrets, and a removal takes it away") {
  load({sample_key("one", {secret_number(1), secret_number(2)}), sample_key("two", {secret_number(3)})});
  change("one", sample_key("one", {secret_number(4)}));
  CHECK_FALSE(knock(1));
  CHECK_FALSE(knock(2));
  CHECK(knock(4));
  change("one", std::nullopt);
  CHECK_FALSE(knock(4));
  CHECK(knock(3));
}

TEST_CASE_METHOD(auth_fixture, "a KEYS that is known already is not asked again") {
  load({});
  introduce(keys);
  CHECK(script->asked == 1);
}

TEST_CASE_METHOD(auth_fixture, "a roster without KEYS changes nothing") {
  load({sample_key("one", {secret_number(1)})});
  introduce({});
  CHECK(is_ready());
  CHECK(knock(1));
}

TEST_CASE_METHOD(auth_fixture, "a failing KEYS is asked again after pauses that double up to five seconds") {
  introduce(keys);
  for (auto pause : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    auto before = script->asked;
    script->refuse();
    run();
    advance(pause - 1ms);
    CHECK(script->asked == before);
    advance(1ms);
    CHECK(script->asked == before + 1);
  }
  script->answer({sample_key("one", {secret_number(1)})});
  run();
  CHECK(knock(1));
}

TEST_CASE_METHOD(auth_fixture,
                 "a silent KEYS is asked again, and what it then answers first is not taken for the second") {
  introduce(keys);
  advance(5s);
  advance(100ms);
  REQUIRE(script->asked == 2);
  script->answer({sample_key("one", {secret_number(1)})});
  run();
  CHECK_FALSE(is_ready());
  script->answer({sample_key("one", {secret_number(2)})});
  run();
  CHECK_FALSE(knock(1));
  CHECK(knock(2));
}

TEST_CASE_METHOD(auth_fixture, "a change that comes before the table is confirmed, and is in the table") {
  introduce(keys);
  auto changed = with_tenant(sample_key("one", {secret_number(1)}), "globex");
  change("one", changed);
  CHECK_FALSE(is_ready());
  script->answer({changed});
  run();
  REQUIRE(knock(1));
  CHECK((*knock(1))->tenant_id == "globex");
}

TEST_CASE_METHOD(auth_fixture,
                 "a key that was removed before the table came does not come back through an update of before") {
  introduce(keys);
  change("one", sample_key("one", {secret_number(1)}));
  change("one", std::nullopt);
  script->answer({});
  run();
  CHECK(is_ready());
  CHECK_FALSE(knock(1));
}

TEST_CASE_METHOD(auth_fixture, "a change right behind the table wins over it") {
  introduce(keys);
  script->answer({sample_key("one", {secret_number(1)}), sample_key("two", {secret_number(2)})});
  // Both are in the mailbox before the table is looked at.
  auto gone = begin_ask<void>(*this, guard, update_atom::value, key_change{"one", nullptr});
  run();
  REQUIRE(went_well(gone));
  CHECK_FALSE(knock(1));
  CHECK(knock(2));
}

TEST_CASE_METHOD(auth_fixture, "the old table serves while KEYS is gone") {
  load({sample_key("one", {secret_number(1)})});
  caf::anon_send_exit(keys, caf::exit_reason::kill);
  run();
  CHECK(knock(1));
  advance(1h);
  CHECK(knock(1));
}

TEST_CASE_METHOD(auth_fixture,
                 "the old table serves until the new KEYS has answered, but the actor is not ready before") {
  load({sample_key("one", {secret_number(1)})});
  auto second_script = std::make_shared<keys_script>();
  introduce(keep(system.spawn(fake_keys, second_script)));
  CHECK(knock(1));
  CHECK_FALSE(is_ready());
  second_script->answer({sample_key("two", {secret_number(2)})});
  run();
  CHECK(is_ready());
  CHECK_FALSE(knock(1));
  CHECK(knock(2));
}

TEST_CASE_METHOD(auth_fixture, "a table from a KEYS that has been replaced comes too late") {
  introduce(keys);
  auto second_script = std::make_shared<keys_script>();
  introduce(keep(system.spawn(fake_keys, second_script)));
  second_script->answer({sample_key("new", {secret_number(2)})});
  run();
  script->answer({sample_key("old", {secret_number(1)})});
  run();
  CHECK_FALSE(knock(1));
  CHECK(knock(2));
}

TEST_CASE_METHOD(auth_fixture, "a KEYS that has been replaced is not asked again") {
  introduce(keys);
  script->refuse();
  run();
  auto second_script = std::make_shared<keys_script>();
  introduce(keep(system.spawn(fake_keys, second_script)));
  advance(1s);
  CHECK(script->asked == 1);
  CHECK(second_script->asked == 1);
}

TEST_CASE_METHOD(auth_fixture, "the late failure of a KEYS that has been replaced costs the new one nothing") {
  introduce(keys);
  auto second_script = std::make_shared<keys_script>();
  introduce(keep(system.spawn(fake_keys, second_script)));
  script->refuse();
  run();
  second_script->refuse();
  run();
  advance(100ms);
  CHECK(second_script->asked == 2);
}

TEST_CASE_METHOD(auth_fixture, "a KEYS that dies before it answers is not waited for when the next one comes") {
  introduce(keys);
  caf::anon_send_exit(keys, caf::exit_reason::kill);
  run();
  advance(1min);
  CHECK_FALSE(is_ready());
  auto second_script = std::make_shared<keys_script>();
  introduce(keep(system.spawn(fake_keys, second_script)));
  second_script->answer({sample_key("one", {secret_number(1)})});
  run();
  CHECK(knock(1));
}

} // namespace
} // namespace gateway

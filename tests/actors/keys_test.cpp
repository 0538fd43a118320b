#include "actors/keys.hpp"

#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/auth.hpp"
#include "tests/actors/fakes/key_store.hpp"
#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

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
  keys_actor desk = keep(system.spawn(keys, store));
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

  pending_answer<key_record> rename(std::string name) {
    key_changes changes;
    changes.name = std::move(name);
    auto answer = begin_ask<key_record>(*this, desk, update_atom::value, std::string("mine"), changes, noon);
    run();
    return answer;
  }

  void hold_confirmations() { left.script->confirms_at_once = right.script->confirms_at_once = false; }

  void kill(const auth_actor& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::kill);
    run();
  }
};

TEST_CASE_METHOD(keys_fixture, "every kind of change is told to every subscriber") {
  REQUIRE(ask<issued_key>(desk, create_atom::value, wish("other"), noon));
  REQUIRE(ask<key_record>(desk, update_atom::value, std::string("other"), key_changes{}, noon));
  auto rotated = ask<issued_key>(desk, rotate_atom::value, std::string("other"), std::chrono::seconds(3600), noon);
  REQUIRE(rotated);
  REQUIRE(left.script->heard.size() == 3);
  CHECK(*left.script->heard[2].now == rotated->record);
  REQUIRE(ask<void>(desk, erase_atom::value, std::string("other")));
  CHECK(left.heard() == std::vector<std::string>{"other", "other", "other", "other gone"});
  CHECK(right.heard() == left.heard());
}

TEST_CASE_METHOD(keys_fixture, "keys are found and listed") {
  REQUIRE(ask<issued_key>(desk, create_atom::value, wish("other"), noon));
  CHECK(ask<key_record>(desk, find_atom::value, std::string("mine"))->who.key_id == "mine");
  CHECK(ask<key_record>(desk, find_atom::value, std::string("gone")).error().code == ec::not_found);
  key_query query;
  query.limit = 1;
  auto page = ask<key_page>(desk, list_atom::value, query);
  REQUIRE(page);
  REQUIRE(page->keys.size() == 1);
  CHECK(page->keys[0].who.key_id == "mine");
  CHECK(page->next == "mine");
}

TEST_CASE_METHOD(keys_fixture, "a subscriber gets every key as it is now") {
  auto all = ask<key_snapshot>(desk, subscribe_atom::value, left.actor);
  REQUIRE(all);
  REQUIRE((*all)->size() == 1);
  CHECK((*all)->front() == *store->inner().find("mine"));
}

TEST_CASE_METHOD(keys_fixture, "a subscriber that asks twice is told once") {
  REQUIRE(ask<key_snapshot>(desk, subscribe_atom::value, left.actor));
  rename("new");
  CHECK(left.heard() == std::vector<std::string>{"mine"});
}

TEST_CASE_METHOD(keys_fixture, "the operator hears of a change when both AUTHs have confirmed it") {
  hold_confirmations();
  auto answer = rename("new");
  CHECK(left.heard() == std::vector<std::string>{"mine"});
  CHECK(right.heard() == left.heard());
  CHECK(store->inner().find("mine")->name == "new");
  left.script->confirm();
  run();
  CHECK_FALSE(answer->has_value());
  right.script->confirm();
  run();
  REQUIRE(went_well(answer));
  CHECK((*answer)->value().name == "new");
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that dies during a change is waited for no more, and never told again") {
  hold_confirmations();
  auto answer = rename("new");
  left.script->confirm();
  run();
  kill(right.actor);
  CHECK(went_well(answer));
  left.script->confirms_at_once = true;
  CHECK(went_well(rename("newer")));
  CHECK(right.heard().size() == 1);
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that dies with the change unread is waited for no more") {
  // Its end is in its mailbox before the change is.
  caf::anon_send_exit(right.actor, caf::exit_reason::kill);
  CHECK(went_well(rename("new")));
  CHECK(right.heard().empty());
}

TEST_CASE_METHOD(keys_fixture, "with every AUTH dead a change is answered at once") {
  hold_confirmations();
  auto answer = rename("new");
  kill(left.actor);
  CHECK_FALSE(answer->has_value());
  kill(right.actor);
  CHECK(went_well(answer));
}

TEST_CASE_METHOD(keys_fixture,
                 "changes that overlap are told in the order of their commits and answered each on its own") {
  hold_confirmations();
  auto first = rename("first");
  auto second = begin_ask<void>(*this, desk, erase_atom::value, std::string("mine"));
  auto third = begin_ask<issued_key>(*this, desk, create_atom::value, wish("mine"), noon);
  run();
  for (const auto* each : {&left, &right}) {
    CHECK(each->heard() == std::vector<std::string>{"mine", "mine gone", "mine"});
    CHECK(each->script->heard[0].now->name == "first");
    CHECK(each->script->heard[2].now->name.empty());
    each->script->confirm(1);
  }
  run();
  CHECK(went_well(second));
  CHECK_FALSE(first->has_value());
  CHECK_FALSE(third->has_value());
  for (const auto* each : {&left, &right}) {
    each->script->confirm(0);
    each->script->confirm(2);
  }
  run();
  CHECK(went_well(first));
  CHECK(went_well(third));
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that is silent for five seconds leaves the change made and unconfirmed") {
  hold_confirmations();
  auto answer = rename("new");
  left.script->confirm();
  advance(5s - 1ms);
  CHECK_FALSE(answer->has_value());
  advance(1ms);
  CHECK(was_refused(answer, ec::dependency_unavailable));
  CHECK((*answer)->error().message.find("stored") != std::string::npos);
  CHECK(store->inner().find("mine")->name == "new");
  // It lives, so it is told of the next change again.
  left.script->confirms_at_once = right.script->confirms_at_once = true;
  CHECK(went_well(rename("newer")));
  CHECK(right.heard().size() == 2);
}

TEST_CASE_METHOD(keys_fixture, "a confirmation that comes too late does no harm") {
  hold_confirmations();
  auto answer = rename("new");
  advance(5s);
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
  left.script->confirm();
  right.script->confirm();
  run();
  CHECK(was_refused(answer, ec::dependency_unavailable));
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that refuses a change leaves it unconfirmed") {
  hold_confirmations();
  auto answer = rename("new");
  left.script->refuse();
  right.script->confirm();
  run();
  CHECK(was_refused(answer, ec::dependency_unavailable));
}

TEST_CASE_METHOD(keys_fixture, "what the store refuses is told to nobody but the operator") {
  CHECK(ask<issued_key>(desk, create_atom::value, wish("mine"), noon).error().code == ec::conflict);
  CHECK(ask<void>(desk, erase_atom::value, std::string("gone")).error().code == ec::not_found);
  store->fails = [](std::size_t) { return true; };
  auto refused = ask<void>(desk, erase_atom::value, std::string("mine"));
  CHECK(refused.error().code == ec::dependency_unavailable);
  CHECK(refused.error().message == "disk I/O error");
  CHECK(ask<void>(desk, ping_atom::value).error().code == ec::dependency_unavailable);
  CHECK(left.heard().empty());
  CHECK(right.heard().empty());
}

TEST_CASE_METHOD(keys_fixture, "who could not be given the keys is no subscriber") {
  listener late;
  late.actor = keep(system.spawn(fake_auth, late.script));
  store->fails = [](std::size_t) { return true; };
  CHECK_FALSE(ask<key_snapshot>(desk, subscribe_atom::value, late.actor));
  store->fails = [](std::size_t) { return false; };
  CHECK(went_well(rename("new")));
  CHECK(late.heard().empty());
}

TEST_CASE_METHOD(keys_fixture, "killed while a change waits for its confirmations, it answers before it goes") {
  hold_confirmations();
  auto answer = rename("new");
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  auto unread = begin_ask<key_record>(*this, desk, find_atom::value, std::string("mine"));
  run();
  CHECK(was_refused(answer, ec::dependency_unavailable));
  CHECK(was_refused(unread, ec::dependency_unavailable));
  CHECK((*unread)->error().retry_after == 1s);
  CHECK(store->inner().find("mine")->name == "new");
}

TEST_CASE_METHOD(keys_fixture,
                 "with a store that fails at every n-th call, all is answered and every AUTH knows what is stored") {
  auto n = GENERATE(2u, 3u, 5u, 7u);
  store->fails = [n](std::size_t call) { return call % n == 0; };
  std::size_t failed = 0;
  auto count = [&failed](const auto& answer) {
    if (!answer && answer.error().code == ec::dependency_unavailable) ++failed;
  };
  for (int i = 0; i < 40; ++i) {
    auto id = std::to_string(i % 4);
    switch (i % 5) {
      case 0: count(ask<issued_key>(desk, create_atom::value, wish(id), noon)); break;
      case 1:
        count(ask<key_record>(desk, update_atom::value, id, key_changes{}, noon + std::chrono::minutes(i)));
        break;
      case 2: count(ask<issued_key>(desk, rotate_atom::value, id, std::chrono::seconds(i), noon)); break;
      case 3: count(ask<key_page>(desk, list_atom::value, key_query{})); break;
      default: count(ask<void>(desk, erase_atom::value, id)); break;
    }
  }
  CHECK(failed > 0);
  std::map<std::string, key_record> known{{"mine", *store->inner().find("mine")}};
  for (const auto& change : left.script->heard) {
    known.erase(change.key_id);
    if (change.now) known.emplace(change.key_id, *change.now);
  }
  std::vector<key_record> as_told;
  for (const auto& [id, key] : known) as_told.push_back(key);
  CHECK(as_told == *store->inner().all());
  CHECK(right.heard() == left.heard());
}

} // namespace
} // namespace gateway

#include "actors/keys.hpp"

#include "tests/actors/keys_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE_METHOD(keys_fixture, "every kind of change is told to every subscriber") {
  REQUIRE(ask<issued_key>(desk, create_atom::value, wish("other"), noon));
  REQUIRE(ask<changed_key>(desk, update_atom::value, std::string("other"), key_changes{}, noon));
  auto rotated = ask<issued_key>(desk, rotate_atom::value, std::string("other"), std::chrono::seconds(3600), noon);
  REQUIRE(rotated);
  REQUIRE(left.script->heard.size() == 3);
  CHECK(*left.script->heard[2].now == rotated->record);
  REQUIRE(ask<key_record>(desk, erase_atom::value, std::string("other")));
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

TEST_CASE_METHOD(keys_fixture, "what the store refuses is told to nobody but the operator") {
  CHECK(ask<issued_key>(desk, create_atom::value, wish("mine"), noon).error().code == ec::conflict);
  CHECK(ask<key_record>(desk, erase_atom::value, std::string("gone")).error().code == ec::not_found);
  store->fails = [](std::size_t) { return true; };
  auto refused = ask<key_record>(desk, erase_atom::value, std::string("mine"));
  CHECK(refused.error().code == ec::dependency_unavailable);
  CHECK(refused.error().message == "disk I/O error");
  CHECK(ask<void>(desk, ping_atom::value).error().code == ec::dependency_unavailable);
  CHECK(left.heard().empty());
  CHECK(right.heard().empty());
}

TEST_CASE_METHOD(keys_fixture, "until every AUTH has subscribed keys are shown, and none is changed") {
  auto before = store->inner().find("mine");
  auto young = keep(system.spawn(keys, store, std::size_t{2}));
  REQUIRE(ask<key_snapshot>(young, subscribe_atom::value, left.actor));
  REQUIRE(ask<key_snapshot>(young, subscribe_atom::value, left.actor));
  CHECK(ask<issued_key>(young, create_atom::value, wish("other"), noon).error().code == ec::dependency_unavailable);
  CHECK(ask<changed_key>(young, update_atom::value, std::string("mine"), key_changes{}, noon).error().retry_after ==
        1s);
  CHECK_FALSE(ask<issued_key>(young, rotate_atom::value, std::string("mine"), std::chrono::seconds(0), noon));
  CHECK_FALSE(ask<key_record>(young, erase_atom::value, std::string("mine")));
  CHECK(*store->inner().all() == std::vector{*before});
  CHECK(ask<key_record>(young, find_atom::value, std::string("mine")));
  CHECK(ask<key_page>(young, list_atom::value, key_query{}));
  CHECK(ask<void>(young, ping_atom::value));
  REQUIRE(ask<key_snapshot>(young, subscribe_atom::value, right.actor));
  CHECK(ask<issued_key>(young, create_atom::value, wish("other"), noon));
  // From then on one of them may die: who comes in its place starts with a new table.
  kill(right.actor);
  REQUIRE(ask<key_snapshot>(young, subscribe_atom::value, left.actor));
  CHECK(ask<key_record>(young, erase_atom::value, std::string("mine")));
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
        count(ask<changed_key>(desk, update_atom::value, id, key_changes{}, noon + std::chrono::minutes(i)));
        break;
      case 2: count(ask<issued_key>(desk, rotate_atom::value, id, std::chrono::seconds(i), noon)); break;
      case 3: count(ask<key_page>(desk, list_atom::value, key_query{})); break;
      default: count(ask<key_record>(desk, erase_atom::value, id)); break;
    }
  }
  CHECK(failed > 0);
  std::map<std::string, key_record> known{{"mine", *store->inner().find("mine")}};
  for (const auto& change : left.script->heard) {
    known.erase(change.key_id);
    if (change.now) known.emplace(change.key_id, *change.now);
  }
  std::vector<key_record> as_told;
  as_told.reserve(known.size());
  for (const auto& [id, key] : known) as_told.push_back(key);
  CHECK(as_told == *store->inner().all());
  CHECK(right.heard() == left.heard());
}

} // namespace
} // namespace gateway

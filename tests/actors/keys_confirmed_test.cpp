#include "actors/keys.hpp"
#include "tests/actors/keys_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

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
  CHECK((*answer)->value().now.name == "new");
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
  run();
  auto answer = begin_ask<key_record>(*this, desk, erase_atom::value, std::string("mine"));
  scheduler().run_once(); // The asker sends.
  caf::anon_send_exit(right.actor, caf::exit_reason::kill);
  scheduler().run_once(); // KEYS tells both, and the end of one is in its mailbox before the change.
  CHECK_FALSE(answer->has_value());
  run();
  CHECK(went_well(answer));
  CHECK(right.heard().empty());
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that is dead already is not waited for") {
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
  auto second = begin_ask<key_record>(*this, desk, erase_atom::value, std::string("mine"));
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
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
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
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
}

TEST_CASE_METHOD(keys_fixture, "an AUTH that refuses a change leaves it unconfirmed") {
  hold_confirmations();
  auto answer = rename("new");
  left.script->refuse();
  right.script->confirm();
  run();
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
}

TEST_CASE_METHOD(keys_fixture, "killed while a change waits for its confirmations, it answers before it goes") {
  hold_confirmations();
  auto answer = rename("new");
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  auto unread = begin_ask<key_record>(*this, desk, find_atom::value, std::string("mine"));
  run();
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
  REQUIRE(was_refused(unread, ec::dependency_unavailable));
  CHECK((*unread)->error().retry_after == 1s);
  CHECK(store->inner().find("mine")->name == "new");
}

} // namespace
} // namespace gateway

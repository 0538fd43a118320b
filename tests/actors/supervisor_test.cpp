#include "actors/supervisor.hpp"

#include "tests/actors/supervisor_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Catch::Matchers::Contains;

const lines everybody{"ledger", "audit",           "audit_reader",    "keys",       "quota 0",   "quota 1", "auth 0",
                      "auth 1", "chat_upstream 0", "chat_upstream 1", "acceptor 0", "acceptor 1"};
const lines answering_pings{"ledger", "audit",  "keys",       "quota 0",   "quota 1",
                            "auth 0", "auth 1", "acceptor 0", "acceptor 1"};

bool is_among(const lines& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

/// What is seen of a start, up to the first that is not ready.
lines start_up_to(const std::string& last) {
  lines seen;
  for (const auto& name : everybody) {
    seen.push_back("start " + name);
    if (is_among(answering_pings, name)) seen.push_back("ping " + name);
    if (name == last) break;
  }
  return seen;
}

TEST_CASE_METHOD(supervisor_fixture,
                 "everybody starts in the order of the house, and who can be asked is asked first") {
  open();
  CHECK(happened() == start_up_to("acceptor 1"));
}

TEST_CASE_METHOD(supervisor_fixture, "nobody starts before the one in front is ready, so the doors wait for AUTH") {
  const auto late = GENERATE(from_range(answering_pings));
  part(late).is_ready = false;
  open();
  CHECK(happened() == start_up_to(late));
  advance(19ms);
  CHECK(happened() == nothing);
  advance(1ms);
  CHECK(happened() == lines{"ping " + late});
  part(late).is_ready = true;
  advance(20ms);
  const auto then = happened();
  REQUIRE_FALSE(then.empty());
  CHECK(then.front() == "ping " + late);
  CHECK(then.back() == "ping acceptor 1");
}

TEST_CASE_METHOD(supervisor_fixture, "who does not even answer is asked again after five seconds") {
  part("audit").holds_pings = true;
  open();
  happened();
  advance(4999ms);
  advance(20ms);
  CHECK(happened() == nothing);
  advance(1ms);
  advance(20ms);
  CHECK(happened() == lines{"ping audit"});
  answer("audit"); // The first question's: too late.
  CHECK(happened() == nothing);
  answer("audit");
  CHECK(happened().front() == "start audit_reader");
}

TEST_CASE_METHOD(supervisor_fixture, "who dies before it was ready is started again, and waited for") {
  part("keys").is_ready = false;
  open();
  happened();
  kill("keys");
  advance(10ms);
  CHECK(happened() == lines{"end keys", "start keys"});
  part("keys").is_ready = true;
  advance(10ms);
  CHECK(happened().back() == "ping acceptor 1");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "who dies with the question whether it is ready still open is asked in its next life") {
  part("keys").holds_pings = true;
  open();
  kill("keys");
  part("keys").holds_pings = false;
  happened();
  advance(10ms);
  CHECK(happened() == lines{"start keys"});
  advance(5s);
  advance(20ms);
  CHECK(happened().back() == "ping acceptor 1");
}

TEST_CASE_METHOD(supervisor_fixture, "the roster is answered once everybody is there, and everybody has a seat in it") {
  part("auth 1").is_ready = false;
  open();
  const auto early = begin_roster();
  CHECK_FALSE(*early);
  part("auth 1").is_ready = true;
  advance(20ms);
  REQUIRE(went_well(early));
  const auto late = begin_roster();
  REQUIRE(went_well(late));
  CHECK(***late == ***early);
  const auto& people = ***early;
  CHECK(is(people->ledger, part("ledger")));
  CHECK(is(people->audit, part("audit")));
  CHECK(is(people->keys, part("keys")));
  REQUIRE(people->quota.size() == 2);
  CHECK(is(people->quota[1], part("quota 1")));
  REQUIRE(people->auth.size() == 2);
  CHECK(is(people->auth[0], part("auth 0")));
  CHECK(is(people->auth[1], part("auth 1")));
  REQUIRE(people->chat_upstream.size() == 2);
  CHECK(is(people->chat_upstream[1], part("chat_upstream 1")));
  REQUIRE(people->acceptors.size() == 2);
  CHECK(is(people->acceptors[1], part("acceptor 1")));
}

TEST_CASE_METHOD(supervisor_fixture, "whoever dies is started again after the first delay, and counted") {
  const auto victim = GENERATE(from_range(everybody));
  open();
  happened();
  kill(victim);
  advance(9ms);
  CHECK(happened() == lines{"end " + victim});
  CHECK(restarts(victim) == 0);
  advance(1ms);
  CHECK(happened() == lines{"start " + victim});
  CHECK(restarts(victim) == 1);
  for (const auto& name : everybody)
    if (name != victim) CHECK(restarts(name) == 0);
}

TEST_CASE_METHOD(supervisor_fixture, "who keeps dying waits twice as long each time, up to the longest delay") {
  settings.longest_delay = 50ms;
  open();
  for (const auto delay : {10ms, 20ms, 40ms, 50ms, 50ms}) {
    kill("auth 0");
    happened();
    advance(delay - 1ms);
    CHECK(happened() == nothing);
    advance(1ms);
    CHECK(happened() == lines{"start auth 0"});
  }
}

TEST_CASE_METHOD(supervisor_fixture, "who lived calmly for long enough starts over with the first delay") {
  settings.calm = 1min;
  open();
  for (const auto delay : {10ms, 20ms, 40ms}) {
    kill("auth 0");
    advance(delay);
  }
  advance(1min - 1ms);
  kill("auth 0");
  happened();
  advance(79ms);
  CHECK(happened() == nothing);
  advance(1ms);
  CHECK(happened() == lines{"start auth 0"});
  advance(1min);
  kill("auth 0");
  advance(10ms);
  CHECK(happened() == lines{"end auth 0", "start auth 0"});
}

TEST_CASE_METHOD(supervisor_fixture, "delays are each one's own") {
  open();
  kill("auth 0");
  advance(10ms);
  kill("auth 0");
  kill("auth 1");
  happened();
  advance(10ms);
  CHECK(happened() == lines{"start auth 1"});
  advance(10ms);
  CHECK(happened() == lines{"start auth 0"});
}

TEST_CASE_METHOD(supervisor_fixture, "a new roster goes to everybody who has neighbours, and to nobody else") {
  open();
  const lines neighbours{"quota 0", "quota 1", "auth 0", "auth 1", "acceptor 0", "acceptor 1"};
  for (const auto& name : neighbours) part(name).met.clear();
  kill("keys");
  for (const auto& name : neighbours) CHECK(part(name).met.empty());
  advance(10ms);
  for (const auto& name : everybody) {
    INFO(name);
    REQUIRE(part(name).met.size() == (is_among(neighbours, name) ? 1U : 0U));
    if (is_among(neighbours, name)) CHECK(is(part(name).met.back()->keys, part("keys")));
  }
}

TEST_CASE_METHOD(supervisor_fixture, "who was restarted meets everybody at once") {
  open();
  kill("acceptor 0");
  part("acceptor 0").met.clear();
  advance(10ms);
  REQUIRE(part("acceptor 0").met.size() == 1);
  CHECK(is(part("acceptor 0").met.back()->auth[1], part("auth 1")));
}

TEST_CASE_METHOD(supervisor_fixture, "a roster that was given away does not change under its readers") {
  open();
  const auto asked = begin_roster();
  REQUIRE(went_well(asked));
  const auto before = ***asked;
  const auto old_keys = before->keys;
  kill("keys");
  advance(10ms);
  CHECK(before->keys == old_keys);
  CHECK_FALSE(is(before->keys, part("keys")));
}

TEST_CASE_METHOD(supervisor_fixture, "the log hears of starts and deaths, and why") {
  std::string reason;
  settings.on_event = [&](std::string_view event, const std::string& who, const std::string& why) {
    if (event == "died") reason = who + ": " + why;
    if (who == "audit") events->push_back(std::string(event));
  };
  open();
  kill("audit");
  advance(10ms);
  CHECK(*events == lines{"started", "died", "started"});
  CHECK_THAT(reason, Contains("audit: ") && Contains("kill"));
}

} // namespace
} // namespace gateway

#include "actors/supervisor.hpp"
#include "tests/actors/supervisor_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

const lines the_doors{"drain acceptor 0", "drain acceptor 1"};
const lines the_rest{"end acceptor 1", "end acceptor 0",   "end chat_upstream 1", "end chat_upstream 0", "end auth 1",
                     "end auth 0",     "drain quota 1",    "end quota 1",         "drain quota 0",       "end quota 0",
                     "end keys",       "end audit_reader", "end audit",           "end ledger"};

/// A house that is open.
struct closing_fixture : supervisor_fixture {
  closing_fixture() {
    settings.drain = 30s;
    open();
    happened();
  }

  bool is_gone() { return !try_ask<actor_statuses>(boss, status_atom::value)->has_value(); }
};

lines together(lines first, const lines& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST_CASE_METHOD(closing_fixture,
                 "the doors close first, then everybody ends, last to first, and QUOTA lets go of its leases") {
  const auto ended = begin_drain();
  CHECK(happened() == together(the_doors, the_rest));
  CHECK(went_well(ended));
  CHECK(is_gone());
}

TEST_CASE_METHOD(closing_fixture,
                 "all doors are closed at once, and nobody is ended before the last of them is closed") {
  part("acceptor 0").holds_drains = true;
  part("acceptor 1").holds_drains = true;
  const auto ended = begin_drain();
  CHECK(happened() == the_doors);
  answer("acceptor 0");
  CHECK(happened() == nothing);
  answer("acceptor 1");
  CHECK(happened() == the_rest);
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture, "a door that does not close in time holds the others up no longer than that") {
  part("acceptor 0").holds_drains = true;
  const auto ended = begin_drain();
  happened();
  advance(30s - 1ms);
  CHECK(happened() == nothing);
  advance(1ms);
  CHECK(happened() == the_rest);
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture,
                 "QUOTA is ended once it has let go, or when its time is over, and only then the one before it") {
  part("quota 0").holds_drains = true;
  part("quota 1").holds_drains = true;
  const auto ended = begin_drain();
  CHECK(happened().back() == "drain quota 1");
  answer("quota 1");
  CHECK(happened() == lines{"end quota 1", "drain quota 0"});
  advance(30s - 1ms);
  CHECK(happened() == nothing);
  CHECK_FALSE(*ended);
  advance(1ms);
  CHECK(happened() == lines{"end quota 0", "end keys", "end audit_reader", "end audit", "end ledger"});
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture, "who dies while it lets go is not waited for") {
  part("quota 1").holds_drains = true;
  const auto ended = begin_drain();
  happened();
  kill("quota 1");
  CHECK(happened() == lines{"end quota 1", "drain quota 0", "end quota 0", "end keys", "end audit_reader", "end audit",
                            "end ledger"});
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture, "the death of another leaves the one that lets go in peace, and the order as it is") {
  part("quota 1").holds_drains = true;
  const auto ended = begin_drain();
  happened();
  kill("audit");
  CHECK(happened() == lines{"end audit"});
  answer("quota 1");
  CHECK(happened() ==
        lines{"end quota 1", "drain quota 0", "end quota 0", "end keys", "end audit_reader", "end ledger"});
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture, "once the doors are closed nobody is started again") {
  part("quota 1").holds_drains = true;
  begin_drain();
  kill("ledger");
  kill("keys");
  happened();
  advance(10s);
  CHECK(happened() == nothing);
  answer("quota 1");
  CHECK(happened() == lines{"end quota 1", "drain quota 0", "end quota 0", "end audit_reader", "end audit"});
}

TEST_CASE_METHOD(closing_fixture, "who is dead when the doors are closed stays so") {
  kill("ledger");
  part("quota 1").holds_drains = true;
  begin_drain();
  happened();
  advance(10s);
  CHECK(happened() == nothing);
}

TEST_CASE_METHOD(closing_fixture, "while the doors close those behind them are still needed, and are started again") {
  part("acceptor 0").holds_drains = true;
  kill("audit");
  const auto ended = begin_drain();
  kill("auth 1");
  happened();
  part("acceptor 0").met.clear();
  advance(10ms);
  CHECK(happened() == lines{"start audit", "start auth 1"});
  REQUIRE_FALSE(part("acceptor 0").met.empty());
  CHECK(is(part("acceptor 0").met.back()->audit, part("audit")));
  CHECK(is(part("acceptor 0").met.back()->auth[1], part("auth 1")));
  answer("acceptor 0");
  CHECK(happened() == the_rest);
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(closing_fixture,
                 "a door that dies while it closes is not opened again, and its last sessions are waited for") {
  part("acceptor 0").holds_drains = true;
  const auto ended = begin_drain();
  happened();
  kill("acceptor 0");
  advance(10s);
  CHECK(happened() == lines{"end acceptor 0"});
  answer("acceptor 0"); // From beyond: its sessions were no part of it.
  auto others = the_rest;
  std::erase(others, "end acceptor 0");
  CHECK(happened() == others);
  CHECK(went_well(ended));
}

TEST_CASE_METHOD(
    closing_fixture,
    "a door that is dead when the house closes lives once more, to wait for its sessions, and lets nobody in") {
  kill("acceptor 1");
  part("acceptor 1").met.clear();
  happened();
  const auto ended = begin_drain();
  auto expected = the_doors;
  expected.insert(expected.begin() + 1, "start acceptor 1");
  auto seen = happened();
  std::sort(seen.begin(), seen.begin() + 3);
  std::sort(expected.begin(), expected.end());
  CHECK(seen == together(expected, the_rest));
  CHECK(part("acceptor 1").met.empty());
  CHECK(went_well(ended));
  advance(10s);
  CHECK(happened() == nothing);
}

TEST_CASE_METHOD(closing_fixture, "whoever asks for the end is answered at the end, and it comes only once") {
  part("quota 0").holds_drains = true;
  const auto first = begin_drain();
  const auto second = begin_drain();
  CHECK_FALSE(*first);
  CHECK_FALSE(*second);
  answer("quota 0");
  CHECK(went_well(first));
  CHECK(went_well(second));
  CHECK(happened() == together(the_doors, the_rest));
}

TEST_CASE_METHOD(closing_fixture, "the log hears who was stopped, and calls no one of them dead") {
  events->clear();
  begin_drain();
  REQUIRE(events->size() == 12);
  CHECK(events->front() == "stopped acceptor 1");
  CHECK(events->back() == "stopped ledger");
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a house that closes while it opens ends those who were started, and starts no others") {
  part("keys").is_ready = false;
  open();
  const auto waits = begin_roster();
  happened();
  const auto ended = begin_drain();
  CHECK(happened() == lines{"end keys", "end audit_reader", "end audit", "end ledger"});
  CHECK(went_well(ended));
  CHECK(was_refused(waits, ec::dependency_unavailable));
  part("keys").is_ready = true;
  advance(10s);
  CHECK(happened() == nothing);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a question whether somebody is ready that is answered after the end was asked for starts nobody") {
  part("keys").holds_pings = true;
  part("quota 0").holds_drains = true;
  open();
  begin_drain();
  happened();
  CHECK(part("keys").open.size() == 1);
  part("keys").answer();
  run();
  CHECK(happened() == nothing);
}

} // namespace
} // namespace gateway

#include "actors/audit.hpp"

#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/audit_store.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

using sizes = std::vector<std::size_t>;

/// AUDIT over a store in memory that outlives it, with batches of eight.
struct audit_fixture : actor_fixture {
  std::shared_ptr<counting_audit_store> store = std::make_shared<counting_audit_store>();
  audit_actor log = start();
  std::size_t next = 0;

  audit_actor start() { return keep(system.spawn(audit, store, std::size_t{8})); }

  pending_answer<void> record(std::size_t count) {
    next += count;
    return begin_ask<void>(*this, log, record_atom::value, sample_entries(count, next - count));
  }

  std::size_t kept() { return store->read(everything())->rows.size(); }

  bool is_well() { return ask<void>(log, ping_atom::value).has_value(); }
};

TEST_CASE_METHOD(audit_fixture, "a record is answered when it is committed") {
  auto answer = record(1);
  store->during_commit = [&] { CHECK_FALSE(answer->has_value()); };
  run();
  CHECK(went_well(answer));
  CHECK(kept() == 1);
}

TEST_CASE_METHOD(audit_fixture, "what queues during one commit is the next") {
  std::vector<pending_answer<void>> later;
  store->during_commit = [&] {
    if (store->commits.size() > 1) return;
    for (int i = 0; i < 5; ++i) later.push_back(record(1));
    // Their messages reach the mailbox while the commit runs, as from other threads.
    while (scheduler().try_run_once()) {
    }
  };
  auto first = record(1);
  run();
  CHECK(store->commits == sizes{1, 5});
  CHECK(went_well(first));
  for (const auto& answer : later) CHECK(went_well(answer));
  CHECK(kept() == 6);
}

TEST_CASE_METHOD(audit_fixture, "a hundred askers at once share commits of one batch each") {
  std::vector<pending_answer<void>> answers;
  answers.reserve(100);
  for (int i = 0; i < 100; ++i) answers.push_back(record(1));
  run();
  for (const auto& answer : answers) CHECK(went_well(answer));
  CHECK(kept() == 100);
  CHECK(store->commits.size() == 13);
  for (auto size : store->commits) CHECK(size <= 8);
}

TEST_CASE_METHOD(audit_fixture, "an empty record is answered, and breaks nothing") {
  auto nothing = record(0);
  auto something = record(1);
  run();
  CHECK(went_well(nothing));
  CHECK(went_well(something));
  CHECK(store->commits == sizes{1});
}

TEST_CASE_METHOD(audit_fixture, "a query sees every record that was there before it, of all groups that wait") {
  std::vector<pending_answer<void>> before{record(5), record(5), record(5)};
  auto seen = begin_ask<void>(*this, log, commit_atom::value);
  run();
  CHECK(store->commits == sizes{5, 5, 5});
  for (const auto& answer : before) CHECK(went_well(answer));
  REQUIRE(went_well(seen));
  CHECK(kept() == 15);
}

TEST_CASE_METHOD(audit_fixture, "a store that fails is told to the askers of the group, who may come again") {
  store->is_there = false;
  auto first = record(2);
  auto second = record(1);
  run();
  CHECK(was_refused(first, ec::dependency_unavailable));
  CHECK(was_refused(second, ec::dependency_unavailable));
  CHECK(store->commits == sizes{3});
  store->is_there = true;
  auto again = begin_ask<void>(*this, log, record_atom::value, sample_entries(3));
  run();
  CHECK(went_well(again));
  CHECK(kept() == 3);
}

TEST_CASE_METHOD(audit_fixture, "after a failure it is not well until the store takes records again") {
  CHECK(is_well());
  store->is_there = false;
  record(1);
  run();
  CHECK_FALSE(is_well());
  CHECK_FALSE(is_well());
  store->is_there = true;
  CHECK_FALSE(is_well());
  auto again = record(1);
  run();
  CHECK(went_well(again));
  CHECK(is_well());
}

TEST_CASE_METHOD(audit_fixture,
                 "with a store that fails at every n-th commit, everything is there once when its asker came again") {
  auto n = GENERATE(2u, 3u, 5u);
  store->fails = [n](std::size_t commit) { return commit % n == 0; };
  std::size_t refusals = 0;
  for (std::size_t i = 0; i < 30; ++i)
    while (!ask<void>(log, record_atom::value, sample_entries(3, 3 * i))) ++refusals;
  CHECK(refusals > 0);
  CHECK(kept() == 90);
}

TEST_CASE_METHOD(audit_fixture, "killed with records waiting, it tells their askers, and those in its mailbox") {
  auto waiting = record(1);
  scheduler().prioritize(log);
  scheduler().run_once(); // The actor starts,
  scheduler().run_once(); // the asker sends, and the end is in the mailbox before the commit can be.
  caf::anon_send_exit(log, caf::exit_reason::kill);
  auto unread = record(1);
  run();
  CHECK(was_refused(waiting, ec::dependency_unavailable));
  CHECK(was_refused(unread, ec::dependency_unavailable));
  CHECK(store->commits.empty());
}

TEST_CASE_METHOD(audit_fixture, "killed and started again, it has every record that was confirmed") {
  auto answer = record(5);
  run();
  REQUIRE(went_well(answer));
  caf::anon_send_exit(log, caf::exit_reason::kill);
  run();
  log = start();
  CHECK(kept() == 5);
}

} // namespace
} // namespace gateway

#include "tests/actors/audit_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;

TEST_CASE_METHOD(audit_fixture, "a journal that fails is told to the askers of the group, who may come again") {
  journal->is_there = false;
  auto first = record(2);
  auto second = record(1);
  run();
  CHECK(was_refused(first, ec::dependency_unavailable));
  CHECK(was_refused(second, ec::dependency_unavailable));
  CHECK(journal->commits == sizes{3});
  CHECK_FALSE(is_well());
  journal->is_there = true;
  CHECK(is_well());
  CHECK(takes(sample_entries(3)));
  advance(how.idle);
  CHECK(kept() == 3);
}

TEST_CASE_METHOD(audit_fixture, "while the log fails records are taken and kept, and go in once it works") {
  store->is_there = false;
  CHECK(takes(sample_entries(15)));
  advance(how.idle);
  CHECK(kept() == 0);
  CHECK(takes(sample_entries(1, 15)));
  // It is not asked with every commit, but after a while.
  const auto attempts = store->commits.size();
  CHECK(takes(sample_entries(1, 16)));
  CHECK(store->commits.size() == attempts);
  store->is_there = true;
  advance(how.retry);
  CHECK(kept() == 17);
}

TEST_CASE_METHOD(audit_fixture,
                 "when too many records wait for the log it takes no more and is not well, until the log works") {
  store->fails = [](std::size_t) { return true; };
  CHECK(takes(sample_entries(20)));
  CHECK(is_well());
  CHECK(takes(sample_entries(1, 20)));
  CHECK_FALSE(is_well());
  auto over = begin_ask<void>(*this, log, record_atom::value, batch(sample_entries(1, 21)));
  run();
  CHECK(was_refused(over, ec::dependency_unavailable));
  store->fails = [](std::size_t) { return false; };
  advance(how.retry);
  CHECK(is_well());
  CHECK(takes(sample_entries(1, 21)));
  advance(how.idle);
  CHECK(kept() == 22);
}

TEST_CASE_METHOD(audit_fixture, "a query is told that the log cannot be brought up to date") {
  REQUIRE(takes(sample_entries(1)));
  store->is_there = false;
  const auto told = ask<void>(log, commit_atom::value);
  REQUIRE_FALSE(told);
  CHECK(told.error().code == ec::dependency_unavailable);
}

TEST_CASE_METHOD(
    audit_fixture,
    "with a journal and a log that fail at every n-th commit, and deaths, everything is there once in the end") {
  auto n = GENERATE(2u, 3u, 5u);
  auto m = GENERATE(2u, 3u, 7u);
  journal->fails = [n](std::size_t commit) { return commit % n == 0; };
  store->fails = [m](std::size_t commit) { return commit % m == 0; };
  std::size_t refusals = 0;
  audit_batch_ptr last;
  const auto insist = [&](const audit_batch_ptr& entries) {
    last = entries;
    while (!takes(entries)) {
      REQUIRE(++refusals < 10'000);
      advance(how.retry);
    }
  };
  for (std::size_t i = 0; i < 30; ++i) {
    insist(batch(sample_admissions(3, 3 * i)));
    if (i % 7 == 3) {
      kill();
      log = start();
    }
    insist(batch(sample_entries(3, 3 * i)));
    // The answer was lost, so all of it comes again.
    if (i % 5 == 1) insist(last);
  }
  CHECK(refusals > 0);
  for (int i = 0; i < 100; ++i) advance(how.retry);
  CHECK(kept() == 90);
  store->fails = [](std::size_t) { return false; };
  caf::anon_send_exit(log, caf::exit_reason::user_shutdown);
  run();
  CHECK(kept() == 90);
  CHECK(journal->replay()->entries.empty());
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
  CHECK(journal->commits.empty());
}

TEST_CASE_METHOD(audit_fixture,
                 "killed and started again, it brings what was confirmed into the log, and leaves what runs alone") {
  REQUIRE(takes(sample_admissions(2, 100)));
  REQUIRE(takes(sample_entries(5)));
  kill();
  CHECK(kept() == 0);
  log = start();
  run();
  CHECK(kept() == 5);
  REQUIRE(takes(sample_entries(2, 100)));
  advance(how.idle);
  CHECK(kept() == 7);
}

TEST_CASE_METHOD(audit_fixture,
                 "a next life that cannot read the journal takes nothing, and is not well, until it can") {
  REQUIRE(takes(sample_entries(5)));
  kill();
  journal->is_readable = false;
  log = start();
  run();
  CHECK_FALSE(is_well());
  CHECK_FALSE(takes(sample_entries(1, 5)));
  CHECK_FALSE(ask<void>(log, commit_atom::value));
  journal->is_readable = true;
  advance(how.retry);
  CHECK(kept() == 5);
  CHECK(is_well());
  CHECK(takes(sample_entries(1, 5)));
}

TEST_CASE_METHOD(audit_fixture, "asked to end, it brings everything into the log first") {
  REQUIRE(takes(sample_entries(3)));
  REQUIRE(takes(sample_admissions(1, 3)));
  caf::anon_send_exit(log, caf::exit_reason::user_shutdown);
  run();
  CHECK(kept() == 3);
  CHECK(journal->replay()->entries == sample_admissions(1, 3));
}

TEST_CASE_METHOD(audit_fixture, "a journal that has become long is shortened under way") {
  kill();
  how.journal_bytes = 2'500;
  log = start();
  for (std::size_t i = 0; i < 20; ++i) CHECK(takes(sample_entries(4, 4 * i)));
  CHECK_FALSE(journal->shortened.empty());
  CHECK(journal->bytes() < 3'000);
  advance(how.idle);
  CHECK(kept() == 80);
}

} // namespace
} // namespace gateway

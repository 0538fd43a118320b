#include "actors/audit.hpp"

#include "tests/actors/audit_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;

TEST_CASE_METHOD(audit_fixture,
                 "a record is answered when it is committed to the journal, and in the log a moment later") {
  auto answer = record(1);
  journal->during_commit = [&] { CHECK_FALSE(answer->has_value()); };
  run();
  CHECK(went_well(answer));
  CHECK(kept() == 0);
  advance(how.idle);
  CHECK(kept() == 1);
}

TEST_CASE_METHOD(audit_fixture, "what queues during one commit is the next") {
  std::vector<pending_answer<void>> later;
  journal->during_commit = [&] {
    if (journal->commits.size() > 1) return;
    for (int i = 0; i < 5; ++i) later.push_back(record(1));
    // Their messages reach the mailbox while the commit runs, as from other threads.
    while (scheduler().try_run_once()) {
    }
  };
  auto first = record(1);
  run();
  CHECK(journal->commits == sizes{1, 5});
  CHECK(went_well(first));
  for (const auto& answer : later) CHECK(went_well(answer));
}

TEST_CASE_METHOD(audit_fixture,
                 "a hundred askers at once share commits of one batch each, and the log is written in batches") {
  std::vector<pending_answer<void>> answers;
  answers.reserve(100);
  for (int i = 0; i < 100; ++i) answers.push_back(record(1));
  run();
  for (const auto& answer : answers) CHECK(went_well(answer));
  CHECK(journal->commits.size() == 13);
  for (auto size : journal->commits) CHECK(size <= 8);
  CHECK(store->commits == sizes(12, 8));
  advance(how.idle);
  CHECK(kept() == 100);
  CHECK(store->commits.back() == 4);
}

TEST_CASE_METHOD(audit_fixture, "an empty record is answered, and breaks nothing") {
  auto nothing = record(0);
  auto something = record(1);
  run();
  CHECK(went_well(nothing));
  CHECK(went_well(something));
  CHECK(journal->commits == sizes{1});
}

TEST_CASE_METHOD(audit_fixture, "a query sees every record that was there before it, of all groups that wait") {
  std::vector<pending_answer<void>> before{record(5), record(5), record(5)};
  auto seen = begin_ask<void>(*this, log, commit_atom::value);
  run();
  CHECK(journal->commits == sizes{5, 5, 5});
  for (const auto& answer : before) CHECK(went_well(answer));
  REQUIRE(went_well(seen));
  CHECK(kept() == 15);
}

TEST_CASE_METHOD(audit_fixture, "a request that was admitted is in the log when it is settled, and not before") {
  REQUIRE(takes(sample_admissions(2)));
  REQUIRE(ask<void>(log, commit_atom::value));
  CHECK(kept() == 0);
  REQUIRE(takes(sample_entries(1)));
  REQUIRE(ask<void>(log, commit_atom::value));
  CHECK(kept() == 1);
}

TEST_CASE_METHOD(audit_fixture, "what is too old leaves the log soon after the start, and every hour") {
  kill();
  timestamp now = timestamp{} + std::chrono::days{10};
  how.keep.days = 30;
  how.clock = [&now] { return now; };
  log = start();
  REQUIRE(takes(sample_entries(3)));
  advance(audit_upkeep::after_start);
  CHECK(kept() == 3);
  now += std::chrono::days{30};
  advance(std::chrono::minutes{59});
  CHECK(kept() == 3);
  advance(std::chrono::minutes{1});
  CHECK(kept() == 0);
}

} // namespace
} // namespace gateway

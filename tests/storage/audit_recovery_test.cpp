#include "storage/audit_recovery.hpp"

#include "tests/storage/entries.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

namespace gateway {

namespace {

struct recovering {
  temporary_directory directory;
  std::unique_ptr<audit_store> log = make_memory_audit_store();
  std::unique_ptr<audit_journal> journal = make_memory_audit_journal();

  recovered_audit recover(interrupted_policy policy = interrupted_policy::charge) {
    return recover_audit(*log, *journal, policy).value();
  }

  /// Oldest first.
  std::vector<audit_record> records() const {
    audit_query all;
    all.limit = 1000;
    std::vector<audit_record> found;
    const auto page = log->read(all).value();
    for (const auto& row : page.rows) found.push_back(row.record);
    std::ranges::reverse(found);
    return found;
  }
};

} // namespace

TEST_CASE("what had ended is in the log after a start, and what had not is interrupted") {
  recovering it;
  REQUIRE(it.journal->append({admitted(1), admitted(2)}, false));
  REQUIRE(it.journal->append({settled(2), settled(3)}, false));
  const auto found = it.recover();
  CHECK(found.settled == 2);
  CHECK(found.interrupted == 1);
  const auto records = it.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0] == settled(2).record);
  CHECK(records[1] == settled(3).record);
  CHECK(records[2] == interrupted_record(admitted(1), interrupted_policy::charge));
  CHECK(it.journal->replay()->entries.empty());
}

TEST_CASE("an interrupted request is charged with what it held, or with nothing") {
  const auto charged = interrupted_record(admitted(1, 7000), interrupted_policy::charge);
  CHECK(charged.id == admitted(1).record.id);
  CHECK(charged.created_at == admitted(1).record.created_at);
  CHECK(charged.status == 0);
  CHECK(charged.error_code == "PLATFORM_INTERRUPTED");
  CHECK(charged.source == usage_source::estimated);
  CHECK(charged.usage.prompt_tokens == 12);
  CHECK(charged.usage.total() == 500);
  CHECK(charged.cost == 7000);
  CHECK(charged.counted);
  const auto released = interrupted_record(admitted(1, 7000), interrupted_policy::release);
  CHECK(released.error_code == "PLATFORM_INTERRUPTED");
  CHECK(released.cost == 0);
  CHECK_FALSE(released.counted);
}

TEST_CASE("a prompt larger than what was held leaves no tokens for the answer") {
  auto entry = admitted(1);
  entry.record.usage.prompt_tokens = 501;
  CHECK(interrupted_record(entry, interrupted_policy::charge).usage.completion_tokens == 0);
}

TEST_CASE("whoever was admitted twice is one record, with what it held last") {
  recovering it;
  REQUIRE(it.journal->append({admitted(1, 100), admitted(2, 5), admitted(1, 300)}, false));
  CHECK(it.recover().interrupted == 2);
  const auto records = it.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0].cost == 300);
  CHECK(records[1].cost == 5);
}

TEST_CASE("in whichever order a request's entries are found, and how often, it is one settled record") {
  using entries = std::vector<audit_entry>;
  const auto order = GENERATE(values<entries>({{admitted(1), settled(1)},
                                               {settled(1), admitted(1)},
                                               {settled(1)},
                                               {admitted(1), settled(1), admitted(1)},
                                               {admitted(1), settled(1), admitted(1), settled(1)},
                                               {admitted(1), admitted(1), settled(1), settled(1)}}));
  recovering it;
  REQUIRE(it.journal->append(order, false));
  const auto found = it.recover();
  CHECK(found.settled == 1);
  CHECK(found.interrupted == 0);
  CHECK(it.records() == std::vector{settled(1).record});
}

TEST_CASE("a request whose record is in the log already is not interrupted by an old admission") {
  recovering it;
  REQUIRE(it.log->append({settled(1).record}));
  REQUIRE(it.journal->append({admitted(1)}, false));
  it.recover();
  CHECK(it.records() == std::vector{settled(1).record});
}

TEST_CASE("recovering again, wherever the first time ended, changes nothing") {
  recovering it;
  const std::vector<audit_entry> held{admitted(1), admitted(2), settled(2)};
  REQUIRE(it.journal->append(held, false));
  it.recover();
  const auto first = it.records();
  CHECK(it.recover().interrupted == 0);
  CHECK(it.records() == first);
  // As if it had ended before the journal was shortened.
  REQUIRE(it.journal->append(held, false));
  it.recover();
  CHECK(it.records() == first);
}

TEST_CASE("the entry that was being written when the end came is gone, and counted") {
  recovering it;
  const auto database = it.directory.file("audit.db");
  REQUIRE(open_audit_journal(database).value()->append({settled(1)}, false));
  std::filesystem::resize_file(audit_journal_file(database),
                               std::filesystem::file_size(audit_journal_file(database)) + 7);
  it.journal = std::move(open_audit_journal(database).value());
  CHECK(it.recover().cut == 7);
  CHECK(it.records() == std::vector{settled(1).record});
}

TEST_CASE("many records go into the log in several commits, all of them once") {
  recovering it;
  for (int group = 0; group < 90; ++group) {
    std::vector<audit_entry> entries;
    entries.reserve(100);
    for (int i = 0; i < 100; ++i) entries.push_back(settled(100 * group + i));
    REQUIRE(it.journal->append(entries, false));
  }
  CHECK(it.recover().settled == 9000);
  audit_query first;
  first.limit = 1;
  CHECK(it.log->read(first)->rows.at(0).sequence == 9000);
}

} // namespace gateway

#include "storage/audit_store.hpp"
#include "storage/audit_verify.hpp"
#include "storage/sqlite/audit_query.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace gateway {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;

struct opened_log {
  temporary_directory directory;
  std::string file = directory.file("audit.db");
  std::unique_ptr<audit_store> store = std::move(open_sqlite_audit_store(file).value());
  std::unique_ptr<audit_view> view = std::move(open_sqlite_audit_view(file).value());
};

} // namespace

TEST_CASE_METHOD(opened_log, "the view sees what was committed, at once") {
  CHECK(view->read({}).value().rows.empty());
  REQUIRE(store->append({sample_record(1)}));
  CHECK(view->read({}).value().rows == std::vector{audit_row{1, sample_record(1)}});
  CHECK(view->usage({}).value().at(0).requests == 1);
}

TEST_CASE_METHOD(opened_log, "a view neither waits for a commit that runs nor delays one") {
  REQUIRE(store->append({sample_record(1)}));
  SQLite::Database writing(file, SQLite::OPEN_READWRITE);
  writing.exec("BEGIN IMMEDIATE");
  CHECK(view->read({}).value().rows.size() == 1);
  CHECK(view->usage({}));
  CHECK(verify_audit_log(file, {}));
  writing.exec("ROLLBACK");
  SQLite::Database reading(file, SQLite::OPEN_READONLY);
  reading.exec("BEGIN");
  reading.execAndGet("SELECT count(*) FROM audit_blocks");
  CHECK(store->append({sample_record(2)}));
  CHECK(store->trim({.days = 1, .max_bytes = 0}, sample_moment(days{2})).value());
}

TEST_CASE("a view makes no log, and opens none that is of an older version") {
  temporary_directory directory;
  CHECK_FALSE(open_sqlite_audit_view(directory.file("audit.db")));
  CHECK_FALSE(std::filesystem::exists(directory.file("audit.db")));
  REQUIRE(open_sqlite_audit_store(directory.file("audit.db")));
  SQLite::Database(directory.file("audit.db"), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 1");
  const auto opened = open_sqlite_audit_view(directory.file("audit.db"));
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error().message, Catch::Contains("older version"));
}

TEST_CASE_METHOD(opened_log, "while one thread appends and trims, readers see whole pages of numbers without gaps") {
  std::atomic<bool> done = false;
  std::thread writing([&] {
    for (int batch = 0; batch < 300; ++batch) {
      if (!store->append(sample_records(batch * 20, batch * 20 + 20))) break;
      if (batch % 50 == 49) {
        const auto now = sample_moment(days{1} + milliseconds{batch * 10});
        while (store->trim({.days = 1, .max_bytes = 0}, now).value()) {
        }
      }
    }
    done = true;
  });
  int looks = 0;
  int wrong = 0;
  while (!done || looks == 0) {
    audit_query query;
    query.limit = 1000;
    const auto page = view->read(query);
    const auto verdict = verify_audit_log(file, {});
    if (!page || !verdict || verdict->flaw) {
      ++wrong;
      break;
    }
    for (std::size_t i = 1; i < page->rows.size(); ++i)
      if (page->rows[i].sequence + 1 != page->rows[i - 1].sequence) ++wrong;
    ++looks;
  }
  writing.join();
  CHECK(wrong == 0);
  CHECK(view->read({}).value().rows.at(0).sequence == 6000);
}

TEST_CASE_METHOD(opened_log, "a page deep in the log costs what the first one costs, and so does a span of time") {
  std::vector<audit_record> log;
  log.reserve(40'000);
  for (int number = 0; number < 40'000; ++number) log.push_back(sample_record(number, number % 2 == 0 ? "acme" : "b"));
  REQUIRE(store->append(log));
  SQLite::Database database(file, SQLite::OPEN_READONLY);
  // What SQLite counts itself: an index that is not used shows, whatever the machine.
  int steps = 0;
  sqlite3_progress_handler(
      database.getHandle(), 1, [](void* count) { return ++*static_cast<int*>(count), 0; }, &steps);
  const auto steps_of = [&](const audit_query& query) {
    steps = 0;
    REQUIRE(find_audit_records(database, query).rows.size() == query.limit);
    return steps;
  };
  audit_query query;
  query.tenant_id = GENERATE("", "acme");
  INFO(query.tenant_id);
  const auto first = steps_of(query);
  REQUIRE(first > 0);
  query.before = 1500;
  CHECK(steps_of(query) < 8 * first);
  query.before = std::nullopt;
  query.to = sample_moment(milliseconds{20'000});
  CHECK(steps_of(query) < 8 * first);
  query.from = sample_moment(milliseconds{20'000});
  query.to = sample_moment(milliseconds{20'200});
  CHECK(steps_of(query) < 8 * first);
}

TEST_CASE_METHOD(opened_log, "the file of a log that is trimmed by size stops growing") {
  const audit_retention keep{.days = 0, .max_bytes = 2'000'000};
  std::uintmax_t early = 0;
  for (int batch = 0; batch < 60; ++batch) {
    REQUIRE(store->append(sample_records(batch * 512, batch * 512 + 512)));
    while (store->trim(keep, sample_moment()).value()) {
    }
    if (batch == 20) early = std::filesystem::file_size(file);
  }
  CHECK(early > 0);
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
  CHECK(std::filesystem::file_size(file) < 3'000'000);
}

} // namespace gateway

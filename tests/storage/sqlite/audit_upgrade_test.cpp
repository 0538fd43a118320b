#include "storage/audit_codec_v1.hpp"
#include "storage/audit_store.hpp"
#include "storage/audit_verify.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <catch2/catch.hpp>

namespace gateway {

namespace {

using std::chrono::milliseconds;

/// With something in every field that a log of the third version has more than one of the first.
audit_record full_record(int number) {
  auto record = sample_record(number);
  record.stream = true;
  record.ttft_ms = 7;
  record.usage.cached_tokens = 5;
  record.usage.reasoning_tokens = 6;
  record.cost = 8;
  record.counted = true;
  return record;
}

/// The file that a gateway of the first version has left.
void write_first_version(const std::string& file, int first, int end) {
  const database_schema old{audit_schema().application_id, audit_schema().migrations.first(1)};
  auto database = open_database(file, old, commit_level::survives_crash);
  SQLite::Transaction transaction(database);
  SQLite::Statement insert(database,
                           "INSERT INTO audit_records VALUES (?1, ?2, ?3, ?4, 'acme', 'key-1', '/v1/chat/completions',"
                           " 'POST', 'gpt-4o-mini', 'openai', 'gpt-4o-mini-2024-07-18', 200, '', 0, 12, 34,"
                           " 'provider', 56, NULL, 1)");
  for (int number = first; number < end; ++number) {
    const auto record = sample_record(number);
    insert.bind(1, number);
    insert.bind(2, record.id);
    insert.bind(3, to_rfc3339(record.created_at));
    insert.bind(4, record.request_id);
    insert.exec();
    insert.reset();
  }
  const auto full = std::to_string(end / 1024 * 1024);
  database.exec(
      "INSERT INTO audit_segments SELECT sequence / 1024, min(created_at), max(created_at) FROM"
      " audit_records WHERE sequence < " +
      full + " GROUP BY 1");
  database.exec(
      "INSERT INTO audit_lookup SELECT sequence / 1024, tenant_id, request_id, sequence FROM audit_records"
      " WHERE sequence < " +
      full);
  transaction.commit();
}

/// The file that a gateway of the third version has left: 2500 records, chained with `key`; it had deleted those before
/// `first`, and summed up none.
void write_third_version(const std::string& file, int first, const secret& key) {
  const database_schema old{audit_schema().application_id, audit_schema().migrations.first(3)};
  auto database = open_database(file, old, commit_level::survives_crash);
  SQLite::Transaction transaction(database);
  SQLite::Statement insert(database,
                           "INSERT INTO audit_records VALUES (?1, ?2, ?3, ?4, 'acme', 'key-1', '/v1/chat/completions',"
                           " 'POST', 'gpt-4o-mini', 'openai', 'gpt-4o-mini-2024-07-18', 200, '', 1, 12, 34,"
                           " 'provider', 56, 7, 1, 5, 6, 8, 1, '', '', ?5)");
  audit_chain chain(key);
  audit_ends ends(database);
  log_end at;
  for (int number = 1; number <= 2500; ++number) {
    const auto record = full_record(number);
    std::string bytes;
    encode_first_version(record, bytes);
    at = {number, chain.next(at, bytes)};
    if (number == first - 1) ends.write(audit_ends::which::anchor, at, chain);
    if (number < first) continue;
    insert.bind(1, number);
    insert.bind(2, record.id);
    insert.bind(3, to_rfc3339(record.created_at));
    insert.bind(4, record.request_id);
    insert.bind(5, at.link.data(), static_cast<int>(at.link.size()));
    insert.exec();
    insert.reset();
  }
  if (first == 1) ends.write(audit_ends::which::anchor, {}, chain);
  ends.write(audit_ends::which::head, at, chain);
  ends.write(audit_ends::which::summed, {first - 1, {}}, chain);
  transaction.commit();
}

} // namespace

TEST_CASE("a log of the third version keeps its records and their chain, and goes on") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  const auto first = GENERATE(1, 700, 2000);
  const secret key(GENERATE("", "k"));
  write_third_version(file, first, key);
  const auto log = open_sqlite_audit_store(file, key).value();
  REQUIRE(log->append({sample_record(2501)}));
  const auto verdict = verify_audit_log(file, key).value();
  CHECK_FALSE(verdict.flaw);
  CHECK(verdict.first == first);
  CHECK(verdict.records == static_cast<std::uint64_t>(2502 - first));

  audit_query query;
  query.request_id = "request-2100";
  CHECK(log->read(query).value().rows == std::vector{audit_row{2100, full_record(2100)}});
  CHECK(log->usage({}).value().at(0).requests == verdict.records);
}

TEST_CASE("a log whose rows are no blocks yet is not taken for an empty one") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  write_third_version(file, 1, secret("k"));
  REQUIRE_FALSE(open_sqlite_audit_store(file, secret("another")));
  CHECK_FALSE(open_sqlite_audit_view(file));
  CHECK_FALSE(verify_audit_log(file, secret("k")));
  REQUIRE(open_sqlite_audit_store(file, secret("k")));
  CHECK(open_sqlite_audit_view(file));
}

TEST_CASE("a row of the third version that was changed is found in its block") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  write_third_version(file, 1, secret("k"));
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("UPDATE audit_records SET status = 500 WHERE sequence = 1500");
  CHECK_FALSE(open_sqlite_audit_store(file, secret("another")));
  REQUIRE(open_sqlite_audit_store(file, secret("k")));
  CHECK(verify_audit_log(file, secret("k")).value().flaw->sequence == 1500);
}

TEST_CASE("a log of the first version keeps its records, gets their chain and their usage, and goes on") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  const auto first = GENERATE(1, 700, 2000);
  write_first_version(file, first, 2500);
  const auto log = open_sqlite_audit_store(file, secret("k")).value();
  REQUIRE(log->append({sample_record(2500)}));

  SQLite::Database tables(file, SQLite::OPEN_READONLY);
  CHECK_FALSE(tables.tableExists("audit_rows"));

  const auto verdict = verify_audit_log(file, secret("k")).value();
  CHECK_FALSE(verdict.flaw);
  CHECK(verdict.first == first);
  CHECK(verdict.last == 2500);
  CHECK(verdict.records == static_cast<std::uint64_t>(2501 - first));

  audit_query query;
  query.tenant_id = "acme";
  query.limit = 1000;
  const auto page = log->read(query).value();
  CHECK(page.rows.front() == audit_row{2500, sample_record(2500)});
  query.request_id = "request-2100";
  CHECK(log->read(query).value().rows == std::vector{audit_row{2100, sample_record(2100)}});

  const auto usage = log->usage({}).value().at(0);
  CHECK(usage.requests == verdict.records);
  CHECK(usage.usage == token_usage{12 * verdict.records, 34 * verdict.records});
}

TEST_CASE("an empty log of the first version begins at 1") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  write_first_version(file, 1, 1);
  const auto log = open_sqlite_audit_store(file).value();
  REQUIRE(log->append({sample_record(1)}));
  CHECK(log->read({}).value().rows.at(0).sequence == 1);
  CHECK_FALSE(verify_audit_log(file, {}).value().flaw);
}

TEST_CASE("records that were missing in a log of the first version are told of") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  write_first_version(file, 1, 100);
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("DELETE FROM audit_records WHERE sequence = 50");
  REQUIRE(open_sqlite_audit_store(file));
  CHECK(verify_audit_log(file, {}).value().flaw->what == "record 50 is missing");
}

TEST_CASE("a log without a key gets its first, whole, and its usage is not counted twice") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  REQUIRE(open_sqlite_audit_store(file).value()->append(sample_records(0, 1500)));
  {
    const auto log = open_sqlite_audit_store(file, secret("k")).value();
    REQUIRE(log->trim({.days = 1, .max_bytes = 0}, sample_moment(std::chrono::days{1} + milliseconds{10})).value());
    REQUIRE(log->append({sample_record(1500)}));
    CHECK(log->usage({}).value().at(0).requests == 1501);
  }
  const auto verdict = verify_audit_log(file, secret("k")).value();
  CHECK_FALSE(verdict.flaw);
  CHECK(verdict.records == 1491);
  CHECK_FALSE(open_sqlite_audit_store(file));
  CHECK(open_sqlite_audit_store(file, secret("k")));
}

TEST_CASE("a store that is open when another gives the log its first key takes no more records") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  const auto log = open_sqlite_audit_store(file).value();
  REQUIRE(log->append({sample_record(1)}));
  REQUIRE(open_sqlite_audit_store(file, secret("k")));
  CHECK_FALSE(log->append({sample_record(2)}));
  CHECK_FALSE(verify_audit_log(file, secret("k")).value().flaw);
}

} // namespace gateway

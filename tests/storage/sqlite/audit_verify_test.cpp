#include "storage/audit_verify.hpp"

#include "storage/audit_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>

namespace gateway {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;

/// A log of 3000 records, and somebody who has its file but not its key.
struct tampered_log {
  temporary_directory directory;
  std::string file = directory.file("audit.db");
  secret key{"the operator's"};

  tampered_log() { REQUIRE(open()->append(sample_records(0, 3000))); }

  std::unique_ptr<audit_store> open() const { return std::move(open_sqlite_audit_store(file, key).value()); }
  void tamper(const std::string& sql) const { SQLite::Database(file, SQLite::OPEN_READWRITE).exec(sql); }
  audit_verdict verdict() const { return verify_audit_log(file, key).value(); }
  std::string flaw() const {
    const auto found = verdict();
    return found.flaw ? found.flaw->what : "";
  }
  void delete_the_oldest(int count) const {
    const auto log = open();
    while (log->trim({.days = 10, .max_bytes = 0}, sample_moment(days{10} + milliseconds{count})).value()) {
    }
  }
};

} // namespace

TEST_CASE_METHOD(tampered_log, "a log that nobody touched is as it was written") {
  const auto found = verdict();
  CHECK_FALSE(found.flaw);
  CHECK(found.records == 3000);
  CHECK(found.first == 1);
  CHECK(found.last == 3000);
  CHECK(found.head.size() == 64);
  CHECK(describe(found) == "3000 records, 1 to 3000, are as they were written; head " + found.head);
}

TEST_CASE_METHOD(tampered_log, "verification begins where retention has ended, and goes on after more records") {
  delete_the_oldest(2500);
  REQUIRE(open()->append(sample_records(3000, 3010)));
  auto found = verdict();
  CHECK_FALSE(found.flaw);
  CHECK(found.records == 510);
  CHECK(found.first == 2501);
  CHECK(found.last == 3010);

  delete_the_oldest(1'000'000);
  found = verdict();
  CHECK_FALSE(found.flaw);
  CHECK(found.records == 0);
  CHECK(found.first == 3011);
  REQUIRE(open()->append(sample_records(5000, 5001)));
  CHECK(flaw().empty());
}

TEST_CASE_METHOD(tampered_log, "an empty log has no flaw") {
  temporary_directory other;
  REQUIRE(open_sqlite_audit_store(other.file("audit.db"), key));
  const auto found = verify_audit_log(other.file("audit.db"), key).value();
  CHECK_FALSE(found.flaw);
  CHECK(found.records == 0);
}

TEST_CASE_METHOD(tampered_log, "a record of which any field was changed is found") {
  const auto* change =
      GENERATE("id = 'x'", "created_at = '2026-11-23T15:04:07.177+00:00'", "created_at = 'yesterday'",
               "request_id = 'x'", "tenant_id = 'x'", "key_id = 'x'", "endpoint = 'x'", "method = 'x'", "model = 'x'",
               "upstream = 'x'", "upstream_model = 'x'", "status = 500", "error_code = 'x'", "stream = 1",
               "prompt_tokens = 1", "completion_tokens = 1", "cached_tokens = 1", "reasoning_tokens = 1",
               "usage_source = 'estimated'", "latency_ms = 1", "ttft_ms = 1", "attempts = 2", "cost = 1", "counted = 1",
               "admin = 'x'", "change = 'x'", "chain = NULL", "chain = zeroblob(32)");
  INFO(change);
  tamper("UPDATE audit_records SET " + std::string(change) + " WHERE sequence = 1500");
  const auto found = verdict();
  REQUIRE(found.flaw);
  CHECK(found.flaw->sequence == 1500);
  CHECK(found.flaw->what == "record 1500 is not the one that was written there");
  CHECK(found.records == 1499);
}

TEST_CASE_METHOD(tampered_log, "records that were deleted are found, wherever they stood") {
  SECTION("in the middle") {
    tamper("DELETE FROM audit_records WHERE sequence = 1500");
    CHECK(flaw() == "record 1500 is missing");
  }
  SECTION("the oldest") {
    tamper("DELETE FROM audit_records WHERE sequence <= 10");
    CHECK(flaw() == "record 1 is missing");
  }
  SECTION("the oldest after what retention has deleted") {
    delete_the_oldest(100);
    tamper("DELETE FROM audit_records WHERE sequence = 101");
    CHECK(flaw() == "record 101 is missing");
  }
  SECTION("the newest") {
    tamper("DELETE FROM audit_records WHERE sequence > 2990");
    CHECK(flaw() == "record 2991 is missing, and so are all after it");
  }
  SECTION("all") {
    tamper("DELETE FROM audit_records");
    CHECK(flaw() == "record 1 is missing, and so are all after it");
  }
}

TEST_CASE_METHOD(tampered_log, "records that changed places are found") {
  tamper("UPDATE audit_records SET sequence = -1 WHERE sequence = 1500");
  tamper("UPDATE audit_records SET sequence = 1500 WHERE sequence = 1501");
  tamper("UPDATE audit_records SET sequence = 1501 WHERE sequence = -1");
  CHECK(flaw() == "record 1500 is not the one that was written there");
}

TEST_CASE_METHOD(tampered_log, "a copy of a record is found, wherever it was put") {
  SQLite::Database database(file, SQLite::OPEN_READWRITE);
  database.exec("CREATE TEMP TABLE copy AS SELECT * FROM audit_records WHERE sequence = 1500");
  const auto insert_at = [&](const std::string& number) {
    database.exec("UPDATE copy SET id = 'copy', sequence = " + number);
    database.exec("INSERT INTO audit_records SELECT * FROM copy");
  };
  SECTION("after the newest") {
    insert_at("3001");
    CHECK(flaw() == "record 3001 stands after the head of the log");
  }
  SECTION("before the oldest") {
    insert_at("0");
    CHECK(flaw() == "record 0 stands before the beginning of the log");
  }
  SECTION("among those that retention has deleted") {
    delete_the_oldest(100);
    insert_at("50");
    CHECK(flaw() == "record 50 stands before the beginning of the log");
  }
  SECTION("in the place of another") {
    database.exec("DELETE FROM audit_records WHERE sequence = 2000");
    insert_at("2000");
    CHECK(flaw() == "record 2000 is not the one that was written there");
  }
}

TEST_CASE_METHOD(tampered_log, "the ends of the log cannot be moved without the key") {
  SECTION("the head back") {
    tamper("DELETE FROM audit_records WHERE sequence > 2990");
    tamper(
        "UPDATE audit_ends SET sequence = 2990, chain = (SELECT chain FROM audit_records WHERE sequence = 2990)"
        " WHERE name = 'head'");
    CHECK_THAT(flaw(), Catch::Contains("the head of the log was changed"));
    CHECK_THAT(flaw(), Catch::StartsWith("the log cannot be checked: "));
    CHECK_FALSE(open_sqlite_audit_store(file, key));
  }
  SECTION("the beginning on") {
    tamper(
        "UPDATE audit_ends SET sequence = 10, chain = (SELECT chain FROM audit_records WHERE sequence = 10)"
        " WHERE name = 'anchor'");
    tamper("DELETE FROM audit_records WHERE sequence <= 10");
    CHECK_THAT(flaw(), Catch::Contains("the beginning of the log was changed"));
    CHECK_FALSE(open()->trim({.days = 1, .max_bytes = 0}, sample_moment(days{100})));
  }
  SECTION("away") {
    tamper("DELETE FROM audit_ends WHERE name = 'head'");
    CHECK_THAT(flaw(), Catch::Contains("the head of the log was taken away"));
    CHECK_FALSE(open_sqlite_audit_store(file, key));
  }
  SECTION("while the gateway runs") {
    const auto log = open();
    tamper("UPDATE audit_ends SET sequence = 2990 WHERE name = 'head'");
    CHECK_FALSE(log->append({sample_record(5000)}));
  }
}

TEST_CASE_METHOD(tampered_log, "another key finds a flaw, and says what it may be") {
  const secret other(GENERATE("another", ""));
  const auto found = verify_audit_log(file, other).value();
  REQUIRE(found.flaw);
  CHECK_THAT(found.flaw->what, Catch::Contains("audit.chain_key is another one"));
  const auto opened = open_sqlite_audit_store(file, other);
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error().message, Catch::Contains("audit.chain_key"));
}

TEST_CASE_METHOD(tampered_log, "a log is verified while it is written and trimmed") {
  const auto log = open();
  const auto before = verdict().records;
  REQUIRE(log->append(sample_records(3000, 3500)));
  CHECK(verdict().records == before + 500);
  CHECK(flaw().empty());
}

TEST_CASE("what is no audit log cannot be verified") {
  temporary_directory directory;
  CHECK_FALSE(verify_audit_log(directory.file("missing.db"), secret{}));
}

} // namespace gateway

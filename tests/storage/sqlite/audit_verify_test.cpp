#include "storage/audit_codec.hpp"
#include "tests/storage/sqlite/tampered_log.hpp"

#include <string>
#include <string_view>
#include <vector>
namespace gateway {

namespace {

using std::chrono::days;

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

TEST_CASE_METHOD(tampered_log, "the ends of the log cannot be moved without the key") {
  SECTION("the head back") {
    tamper("DELETE FROM audit_blocks WHERE first = 2049");
    tamper(
        "UPDATE audit_ends SET sequence = 2048, chain = (SELECT chain FROM audit_blocks WHERE first = 1025)"
        " WHERE name = 'head'");
    CHECK_THAT(flaw(), Catch::Contains("the head of the log was changed"));
    CHECK_THAT(flaw(), Catch::StartsWith("the log cannot be checked: "));
    CHECK_FALSE(open_sqlite_audit_store(file, key));
  }
  SECTION("the beginning on") {
    tamper(
        "UPDATE audit_ends SET sequence = 1024, chain = (SELECT chain FROM audit_blocks WHERE first = 1)"
        " WHERE name = 'anchor'");
    tamper("DELETE FROM audit_blocks WHERE first = 1");
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

TEST_CASE_METHOD(tampered_log, "retention signs nothing anew that is not as it was written") {
  forger(file).change(1500, [](audit_record& record) { record.status = 500; });
  delete_the_oldest(1200);
  const auto found = verdict();
  REQUIRE(found.flaw);
  CHECK(found.first == 1025);
  CHECK(found.flaw->sequence == 1500);
  delete_the_oldest(2048);
  CHECK(flaw().empty());
  CHECK(verdict().first == 2049);
}

TEST_CASE_METHOD(tampered_log, "a record that cannot be read stops nobody who needs the others") {
  forger(file).edit(1500, [](auto& all, auto at) { all[at].bytes[0] = '\x7f'; });
  const auto log = open();
  audit_query around;
  around.tenant_id = "acme";
  around.before = 1502;
  REQUIRE(log->append({sample_record(3000)}));
  CHECK(log->usage({}).value().at(0).requests == 3000);
  std::string bytes;
  encode(sample_record(7), bytes);
  const std::vector<std::string_view> asked{bytes};
  CHECK(log->missing(encoded_records(asked)).value().empty());
  CHECK(log->visit_counted({}, [](const audit_record&) {}));
  CHECK_FALSE(log->read(around));
  forger(file).run("UPDATE audit_blocks SET records = 1152921504606846976 WHERE first = 1025");
  CHECK(log->usage({}).value().at(0).requests == 1977);
  CHECK_FALSE(log->read(around));
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

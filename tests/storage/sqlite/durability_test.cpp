#include "storage/audit_codec.hpp"
#include "storage/audit_store.hpp"
#include "storage/key_store.hpp"
#include "storage/ledger_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/sqlite/processes.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace gateway {

namespace {

constexpr int enough = 40;
constexpr int batch_size = 7;

std::vector<audit_record> make_batch(int number) {
  return sample_records(number * batch_size, (number + 1) * batch_size);
}

std::vector<audit_record> read_all(audit_store& store) {
  std::vector<audit_record> records;
  audit_query query;
  query.limit = 1000;
  do {
    const auto page = store.read(query).value();
    for (const auto& row : page.rows) records.push_back(row.record);
    query.before = page.next;
  } while (query.before);
  std::reverse(records.begin(), records.end());
  return records;
}

} // namespace

TEST_CASE("keys and grants are there after a restart, from one file") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  auto key = sample_key("key-1", "acme", 1);
  key.metadata = {{"team", "one"}};
  {
    const auto keys = open_sqlite_key_store(file).value();
    const auto ledger = open_sqlite_ledger_store(file).value();
    REQUIRE(keys->insert(key));
    REQUIRE(keys->insert(sample_key("key-2", "acme", 2)));
    REQUIRE(ledger->grant("one", {{sample_entry(), 7, 10}}, sample_expiry()));
    REQUIRE(keys->erase("key-2"));
    REQUIRE(ledger->give_back("one", {{sample_entry(), 2}}, sample_expiry()));
  }
  CHECK(open_sqlite_key_store(file).value()->all().value() == std::vector{key});
  const auto asked =
      open_sqlite_ledger_store(file).value()->grant("two", {{sample_entry(), 0, 10}}, sample_expiry()).value();
  CHECK(asked.at(0).granted_in_all == 5);
}

TEST_CASE(
    "what was given back to the last leaves a row of nothing, which a recovery may still charge, until its day is "
    "pruned") {
  temporary_directory directory;
  const auto ledger = open_sqlite_ledger_store(directory.file("gateway.db")).value();
  REQUIRE(ledger->grant("one", {{sample_entry(), 7, 10}, {sample_entry("key-2"), 7, 10}}, sample_expiry()));
  REQUIRE(ledger->give_back("one", {{sample_entry(), 7}, {sample_entry("key-2"), 6}}, sample_expiry()));
  SQLite::Database file(directory.file("gateway.db"));
  CHECK(file.execAndGet("SELECT group_concat(account || '=' || amount) FROM granted").getString() == "key-1=0,key-2=1");
  REQUIRE(ledger->prune(sample_entry().ends));
  CHECK(file.execAndGet("SELECT count(*) FROM granted").getInt() == 0);
}

TEST_CASE("the audit log goes on after a restart where it was, at every length") {
  temporary_directory directory;
  int end = 0;
  for (const int length : {1, 1021, 1, 1, 1023, 1, 3000}) {
    const auto store = open_sqlite_audit_store(directory.file("audit.db")).value();
    REQUIRE(store->append(sample_records(end, end + length)));
    end += length;
    std::string oldest;
    std::string newest;
    encode(sample_record(0), oldest);
    encode(sample_record(end - 1), newest);
    const std::array<std::string_view, 2> there{oldest, newest};
    REQUIRE(store->missing(encoded_records(there)).value().empty());
  }
  const auto store = open_sqlite_audit_store(directory.file("audit.db")).value();
  CHECK(read_all(*store) == sample_records(0, end));
}

TEST_CASE("a second connection reads what the first has committed") {
  temporary_directory directory;
  const auto writer = open_sqlite_audit_store(directory.file("audit.db")).value();
  const auto reader = open_sqlite_audit_store(directory.file("audit.db")).value();
  REQUIRE(writer->append(make_batch(0)));
  CHECK(read_all(*reader) == make_batch(0));
  REQUIRE(reader->append(make_batch(1)));
  CHECK(read_all(*writer).size() == 2 * batch_size);
}

TEST_CASE("after kill -9 every audit record that was committed is there, and no half of a batch") {
  temporary_directory directory;
  const auto reported = run_until_killed(enough, [&](const auto& report) {
    const auto store = open_sqlite_audit_store(directory.file("audit.db")).value();
    for (int number = 0; number < 100'000 && store->append(make_batch(number)); ++number) report();
  });
  REQUIRE(reported >= enough);
  const auto store = open_sqlite_audit_store(directory.file("audit.db")).value();
  const auto records = read_all(*store);
  CHECK(records.size() % batch_size == 0);
  CHECK(records.size() >= static_cast<std::size_t>(reported) * batch_size);
  for (std::size_t i = 0; i < records.size(); ++i) REQUIRE(records[i] == sample_record(static_cast<int>(i)));
  CHECK(store->append(make_batch(200'000)));
}

TEST_CASE("after kill -9 the ledger has every grant that was handed out, and at most one more") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  constexpr std::uint64_t slice = 10;
  const auto reported = run_until_killed(enough, [&](const auto& report) {
    const auto ledger = open_sqlite_ledger_store(file).value();
    for (int i = 0; i < 100'000 && ledger->grant("one", {{sample_entry(), slice, 100'000'000}}, sample_expiry()); ++i)
      report();
  });
  REQUIRE(reported >= enough);
  const auto ledger = open_sqlite_ledger_store(file).value();
  const auto in_all = ledger->grant("two", {{sample_entry(), 0, 0}}, sample_expiry()).value().at(0).granted_in_all;
  CHECK(in_all >= static_cast<std::uint64_t>(reported) * slice);
  CHECK(in_all <= static_cast<std::uint64_t>(reported + 1) * slice);
}

TEST_CASE("after kill -9 every key that was acknowledged is there, whole") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  const auto key_of = [](int number) {
    return sample_key("key-" + std::to_string(1000 + number), "acme", static_cast<std::uint8_t>(number));
  };
  const auto reported = run_until_killed(20, [&](const auto& report) {
    const auto keys = open_sqlite_key_store(file).value();
    for (int number = 0; number < 250 && keys->insert(key_of(number)); ++number) report();
    for (;;) ::pause();
  });
  const auto keys = open_sqlite_key_store(file).value();
  const auto found = keys->all().value();
  REQUIRE(found.size() >= static_cast<std::size_t>(reported));
  for (std::size_t i = 0; i < found.size(); ++i) REQUIRE(found[i] == key_of(static_cast<int>(i)));
}

} // namespace gateway

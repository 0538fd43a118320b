#include "storage/audit_store.hpp"
#include "storage/key_store.hpp"
#include "storage/ledger_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/sqlite/processes.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace gateway {

namespace {

namespace fs = std::filesystem;

// While it lives no file of this process can grow beyond `bytes`: what a full disk does to a writer.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

void change(const std::string& file, const std::string& sql) {
  SQLite::Database(file, SQLite::OPEN_READWRITE, 1000).exec(sql);
}

template <class Value>
void check_unavailable(const result<Value>& answer, const std::string& hint) {
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ec::dependency_unavailable);
  CHECK(answer.error().retry_after > std::chrono::seconds{0});
  CHECK_THAT(answer.error().message, Catch::Contains(hint));
}

} // namespace

TEST_CASE("every call of the key store says that the medium fails, and works again after it") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  const auto store = open_sqlite_key_store(file).value();
  REQUIRE(store->insert(sample_key("key-1", "acme", 1)));
  change(file, "ALTER TABLE keys RENAME TO away");
  check_unavailable(store->all(), "no such table: keys");
  check_unavailable(store->list({}), "keys");
  check_unavailable(store->find("key-1"), "keys");
  check_unavailable(store->insert(sample_key("key-2", "acme", 2)), "cannot write a key");
  check_unavailable(store->update(sample_key("key-1", "acme", 3)), "keys");
  check_unavailable(store->erase("key-1"), "keys");
  check_unavailable(store->check(), "keys");
  change(file, "ALTER TABLE away RENAME TO keys");
  CHECK(store->check());
  CHECK(store->insert(sample_key("key-2", "acme", 2)));
  CHECK(store->all().value().size() == 2);
}

TEST_CASE("every call of the ledger says that the medium fails, and works again after it") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  const auto store = open_sqlite_ledger_store(file).value();
  REQUIRE(store->grant("one", {{sample_entry(), 5, 10}}, sample_expiry()));
  change(file, "ALTER TABLE granted RENAME TO away");
  check_unavailable(store->grant("one", {{sample_entry(), 5, 10}}, sample_expiry()), "granted");
  check_unavailable(store->give_back("one", {{sample_entry(), 5}}, sample_expiry()), "granted");
  check_unavailable(store->prune(sample_entry().ends), "granted");
  check_unavailable(store->grants_of("one"), "granted");
  check_unavailable(store->correct({{"one", sample_entry(), 1}}), "granted");
  check_unavailable(store->check(), "granted");
  change(file, "ALTER TABLE away RENAME TO granted");
  CHECK(store->grant("one", {{sample_entry(), 1, 10}}, sample_expiry()).value().at(0).granted_in_all == 6);
}

TEST_CASE("every call of the audit store says that the medium fails, and works again after it") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  const auto store = open_sqlite_audit_store(file).value();
  REQUIRE(store->append(sample_records(0, 2)));
  change(file, "ALTER TABLE audit_blocks RENAME TO away");
  check_unavailable(store->append(sample_records(2, 4)), "cannot append to the audit log");
  check_unavailable(store->read({}), "audit_blocks");
  check_unavailable(store->check(), "audit_blocks");
  change(file, "ALTER TABLE away RENAME TO audit_blocks");
  CHECK(store->append(sample_records(2, 4)));
  CHECK(store->read({}).value().rows.size() == 4);
}

TEST_CASE("what does not fit on the disk is not half there, and can be written when there is room") {
  temporary_directory directory;
  const auto audit = open_sqlite_audit_store(directory.file("audit.db")).value();
  const auto keys = open_sqlite_key_store(directory.file("gateway.db")).value();
  REQUIRE(audit->append(sample_records(0, 1)));
  auto large = sample_key("key-1", "acme", 1);
  large.name = std::string(1'000'000, 'x');
  const auto [appended, inserted] = [&] {
    const file_size_limit full(200'000);
    return std::pair{audit->append(sample_records(1, 3000)), keys->insert(large)};
  }();
  check_unavailable(appended, "cannot append to the audit log");
  check_unavailable(inserted, "cannot write a key");
  CHECK(audit->read({}).value().rows == std::vector<audit_row>{{1, sample_record(0)}});
  CHECK(keys->all().value().empty());
  CHECK(audit->append(sample_records(1, 3000)));
  CHECK(keys->insert(large));
  CHECK(audit->read({}).value().rows.front().record == sample_record(2999));
  CHECK(keys->all().value() == std::vector{large});
}

TEST_CASE("a store opens nothing but its own file") {
  temporary_directory directory;
  std::ofstream(directory.file("text")) << std::string(5000, 'x');
  check_unavailable(open_sqlite_key_store(directory.path()), "this is a directory");
  check_unavailable(open_sqlite_ledger_store(directory.file("text")), "file is not a database");
  check_unavailable(open_sqlite_audit_store(directory.file("text")), directory.file("text"));
  REQUIRE(open_sqlite_key_store(directory.file("gateway.db")));
  check_unavailable(open_sqlite_audit_store(directory.file("gateway.db")), "something else");
}

TEST_CASE("a file that may only be read is refused at the start, not at the first write") {
  temporary_directory directory;
  const auto file = directory.file("audit.db");
  REQUIRE(open_sqlite_audit_store(file).value()->append(sample_records(0, 1)));
  fs::permissions(directory.path(), fs::perms{0777});
  fs::permissions(file, fs::perms{0444});
  CHECK(run_as_ordinary_user([&] {
    const auto opened = open_sqlite_audit_store(file);
    return !opened && opened.error().code == ec::dependency_unavailable &&
           opened.error().message.find("may only be read") != std::string::npos;
  }));
  fs::permissions(file, fs::perms{0666});
  CHECK(run_as_ordinary_user([&] { return open_sqlite_audit_store(file).has_value(); }));
}

TEST_CASE("a damaged row is reported without its content") {
  temporary_directory directory;
  const auto keys = open_sqlite_key_store(directory.file("gateway.db")).value();
  const auto audit = open_sqlite_audit_store(directory.file("audit.db")).value();
  REQUIRE(keys->insert(sample_key("key-1", "acme", 1)));
  REQUIRE(audit->append(sample_records(0, 1)));

  const auto* broken = GENERATE("'[1]'", "'{\"a\":\"b\"}'", "'hidden'", "''");
  change(directory.file("gateway.db"), std::string("UPDATE keys SET models = ") + broken);
  const auto found = keys->find("key-1");
  check_unavailable(found, "key key-1 is damaged: its models cannot be read");
  CHECK_THAT(found.error().message, !Catch::Contains("hidden"));

  change(directory.file("gateway.db"), "UPDATE keys SET models = '[]'; UPDATE key_secrets SET digest = x'00'");
  check_unavailable(keys->find("key-1"), "digest");

  change(directory.file("audit.db"), "UPDATE audit_block_records SET records = CAST('hidden' AS BLOB)");
  check_unavailable(audit->read({}), "record 1 is damaged");
}

} // namespace gateway

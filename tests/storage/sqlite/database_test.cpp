#include "storage/sqlite/database.hpp"

#include "tests/storage/temporary_directory.hpp"

#include <SQLiteCpp/Transaction.h>
#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

namespace gateway {

namespace {

namespace fs = std::filesystem;

constexpr std::int32_t our_id = 0x1234;
constexpr std::array first_only{"CREATE TABLE notes (text TEXT NOT NULL) STRICT"};
constexpr std::array both{first_only[0], "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"};
constexpr std::array second_broken{first_only[0], "CREATE TABLE half (a); ALTER TABLE missing ADD COLUMN b"};
constexpr database_schema version_1{our_id, first_only};
constexpr database_schema version_2{our_id, both};
constexpr database_schema broken_version_2{our_id, second_broken};
constexpr std::chrono::milliseconds at_once{0};

SQLite::Database open(const std::string& file, const database_schema& schema = version_1) {
  return open_database(file, schema, commit_level::survives_crash, at_once);
}

// Why the file could not be opened; empty when it could.
std::string refusal(const std::string& file, const database_schema& schema = version_1) {
  const auto opened = attempt("open it", [&]() -> result<void> {
    open(file, schema);
    return {};
  });
  if (opened) return "";
  CHECK(opened.error().code == ec::dependency_unavailable);
  return opened.error().message;
}

int number(SQLite::Database& database, const char* query) { return database.execAndGet(query).getInt(); }

unsigned mode_of(const std::string& path) { return static_cast<unsigned>(fs::status(path).permissions()) & 0777U; }

} // namespace

TEST_CASE("a new database is in WAL mode, marked as ours and at the newest version") {
  temporary_directory directory;
  auto database = open(directory.file("a.db"), version_2);
  CHECK(database.execAndGet("PRAGMA journal_mode").getString() == "wal");
  CHECK(number(database, "PRAGMA foreign_keys") == 1);
  CHECK(number(database, "PRAGMA application_id") == our_id);
  CHECK(number(database, "PRAGMA user_version") == 2);
  CHECK(number(database, "PRAGMA synchronous") == 1);
  auto durable = open_database(directory.file("a.db"), version_2, commit_level::survives_power_loss);
  CHECK(number(durable, "PRAGMA synchronous") == 2);
  CHECK(number(durable, "PRAGMA busy_timeout") == 5000);
}

TEST_CASE("a new database and its directories can be read by their owner only") {
  temporary_directory directory;
  const auto before = ::umask(0);
  auto database = open(directory.file("data/deep/a.db"));
  database.exec("INSERT INTO notes VALUES ('one')");
  ::umask(before);
  CHECK(mode_of(directory.file("data/deep")) == 0700U);
  CHECK(mode_of(directory.file("data/deep/a.db")) == 0600U);
  CHECK(mode_of(directory.file("data/deep/a.db-wal")) == 0600U);
  CHECK(mode_of(directory.file("data/deep/a.db-shm")) == 0600U);
}

TEST_CASE("the mode that an operator gave a database stays") {
  temporary_directory directory;
  open(directory.file("a.db"));
  fs::permissions(directory.file("a.db"), fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  open(directory.file("a.db"));
  CHECK(mode_of(directory.file("a.db")) == 0640U);
}

TEST_CASE("a name is a name, not a URI and not a database in memory") {
  temporary_directory directory;
  const auto before = fs::current_path();
  fs::current_path(directory.path());
  open("file:a.db?mode=memory");
  open(":memory:");
  fs::current_path(before);
  CHECK(fs::exists(directory.file("file:a.db?mode=memory")));
  CHECK(fs::exists(directory.file(":memory:")));
}

TEST_CASE("a newer version brings the tables along and keeps what is in them") {
  temporary_directory directory;
  open(directory.file("a.db")).exec("INSERT INTO notes VALUES ('one')");
  auto database = open(directory.file("a.db"), version_2);
  CHECK(number(database, "PRAGMA user_version") == 2);
  CHECK(database.execAndGet("SELECT text || author FROM notes").getString() == "onenobody");
}

TEST_CASE("a migration that fails changes nothing") {
  temporary_directory directory;
  open(directory.file("a.db")).exec("INSERT INTO notes VALUES ('one')");
  CHECK_THAT(refusal(directory.file("a.db"), broken_version_2), Catch::Contains("missing"));
  auto database = open(directory.file("a.db"));
  CHECK(number(database, "PRAGMA user_version") == 1);
  CHECK(number(database, "SELECT count(*) FROM notes") == 1);
  CHECK_FALSE(database.tableExists("half"));
}

TEST_CASE("a database of a newer gateway is refused, and says so") {
  temporary_directory directory;
  open(directory.file("a.db"), version_2);
  CHECK_THAT(refusal(directory.file("a.db")), Catch::Contains("version 2") && Catch::Contains("newer gateway"));
  CHECK(refusal(directory.file("a.db"), version_2).empty());
}

TEST_CASE("a stranger's database is refused untouched") {
  temporary_directory directory;
  const auto file = directory.file("a.db");
  const auto* mark = GENERATE("PRAGMA application_id = 99", "PRAGMA user_version = 1");
  SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(mark);
  CHECK_THAT(refusal(file), Catch::Contains("something else"));
  SQLite::Database stranger(file, SQLite::OPEN_READWRITE);
  CHECK(stranger.execAndGet("PRAGMA journal_mode").getString() == "delete");
  CHECK_FALSE(stranger.tableExists("notes"));
}

TEST_CASE("a database without marks keeps its tables and gets ours") {
  temporary_directory directory;
  const auto file = directory.file("a.db");
  SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE logs (old TEXT)");
  auto database = open(file);
  CHECK(database.tableExists("logs"));
  CHECK(database.tableExists("notes"));
}

TEST_CASE("what is no database is refused with its reason") {
  temporary_directory directory;
  fs::create_directory(directory.file("folder"));
  std::ofstream(directory.file("text")) << std::string(5000, 'x');
  CHECK_THAT(refusal(directory.file("folder")), Catch::Contains("this is a directory"));
  CHECK_THAT(refusal(directory.file("text")), Catch::Contains("file is not a database (SQLite 26)"));
  CHECK_THAT(refusal(directory.file("text/a.db")), Catch::Contains("cannot open it"));
}

TEST_CASE("a full database refuses the commit and takes the next one when there is room") {
  temporary_directory directory;
  auto database = open(directory.file("a.db"));
  const auto insert = [&](std::size_t size) {
    return attempt("insert", [&]() -> result<void> {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      SQLite::Statement statement(database, "INSERT INTO notes VALUES (?)");
      statement.bind(1, std::string(size, 'x'));
      statement.exec();
      transaction.commit();
      return {};
    });
  };
  database.execAndGet("PRAGMA max_page_count = 10");
  REQUIRE(insert(10));
  const auto refused = insert(100'000);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "cannot insert: database or disk is full (SQLite 13)");
  CHECK(insert(10));
  database.execAndGet("PRAGMA max_page_count = 1000");
  CHECK(insert(100'000));
  CHECK(number(database, "SELECT count(*) FROM notes") == 3);
}

TEST_CASE("a write that waits for another connection in vain fails, and works after it") {
  temporary_directory directory;
  auto database = open(directory.file("a.db"));
  auto other = open(directory.file("a.db"));
  const auto insert = [&] {
    return attempt("insert", [&]() -> result<void> {
      database.exec("INSERT INTO notes VALUES ('one')");
      return {};
    });
  };
  other.exec("BEGIN IMMEDIATE");
  CHECK_THAT(insert().error().message, Catch::Contains("locked"));
  other.exec("COMMIT");
  CHECK(insert());
}

TEST_CASE("a check notices that the file is gone, was replaced, or lacks its table") {
  temporary_directory directory;
  const auto file = directory.file("a.db");
  auto database = open(file);
  CHECK_NOTHROW(check_database(database, "notes"));
  CHECK_THROWS_WITH(check_database(database, "missing"), Catch::Contains("missing"));
  fs::rename(file, directory.file("b.db"));
  CHECK_THROWS_WITH(check_database(database, "notes"), Catch::Contains("moved or removed"));
  std::ofstream(file).put('x');
  CHECK_THROWS_WITH(check_database(database, "notes"), Catch::Contains("moved or removed"));
  fs::rename(directory.file("b.db"), file);
  CHECK_NOTHROW(check_database(database, "notes"));
}

TEST_CASE("connections that open a new file at the same time all find it ready") {
  for (int round = 0; round < 10; ++round) {
    temporary_directory directory;
    std::array<std::string, 4> problems;
    std::vector<std::thread> threads;
    threads.reserve(problems.size());
    for (auto& problem : problems) {
      threads.emplace_back([&problem, &directory] {
        const auto opened = attempt("open", [&]() -> result<void> {
          auto database = open_database(directory.file("a.db"), version_2, commit_level::survives_crash);
          database.exec("INSERT INTO notes (text) VALUES ('here')");
          return {};
        });
        if (!opened) problem = opened.error().message;
      });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& problem : problems) CHECK(problem.empty());
    auto database = open(directory.file("a.db"), version_2);
    CHECK(number(database, "SELECT count(*) FROM notes") == 4);
  }
}

} // namespace gateway

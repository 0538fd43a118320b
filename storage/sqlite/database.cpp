#include "storage/sqlite/database.hpp"

#include "storage/sqlite/database_file.hpp"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

namespace gateway {

namespace {

int read_number(SQLite::Database& database, const char* pragma) { return database.execAndGet(pragma).getInt(); }

// The version of the tables. Nothing has been written to the file yet: it may belong to somebody else.
std::size_t recognise(SQLite::Database& database, const database_schema& schema) {
  const int owner = read_number(database, "PRAGMA application_id");
  const int version = read_number(database, "PRAGMA user_version");
  if (owner != schema.application_id && (owner != 0 || version != 0)) {
    throw std::runtime_error("the file is a database of something else");
  }
  const auto known = schema.migrations.size();
  if (version < 0 || static_cast<std::size_t>(version) > known) {
    throw std::runtime_error("the file has version " + std::to_string(version) +
                             ", and this gateway knows only up to " + std::to_string(known) +
                             ": run a newer gateway, or restore an older file");
  }
  return static_cast<std::size_t>(version);
}

void enter_wal_mode(SQLite::Database& database, commit_level level) {
  const auto mode = database.execAndGet("PRAGMA journal_mode = WAL").getString();
  if (mode != "wal") throw std::runtime_error("the file system does not carry a write-ahead log");
  database.exec(level == commit_level::survives_power_loss ? "PRAGMA synchronous = FULL"
                                                           : "PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA foreign_keys = ON");
  // After a burst the log shrinks to this again; without a limit it keeps its largest size.
  database.exec("PRAGMA journal_size_limit = 16777216");
}

void migrate(SQLite::Database& database, const database_schema& schema, std::size_t version) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (; version < schema.migrations.size(); ++version) database.exec(schema.migrations[version]);
  database.exec("PRAGMA application_id = " + std::to_string(schema.application_id));
  database.exec("PRAGMA user_version = " + std::to_string(version));
  transaction.commit();
}

} // namespace

SQLite::Database open_database(const std::string& file, const database_schema& schema, commit_level level,
                               std::chrono::milliseconds busy_timeout) {
  // Absolute, so that no name can be taken for a URI or for `:memory:`.
  const auto path = std::filesystem::absolute(file);
  make_private_directory(path.parent_path());
  // The first two to open a new file would otherwise meet where SQLite does not wait: on the way into WAL mode.
  const directory_lock alone(path.parent_path());
  make_private_file(path);
  SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                            static_cast<int>(busy_timeout.count()));
  // SQLite makes do with a file that it may only read, until the first write.
  if (sqlite3_db_readonly(database.getHandle(), "main") != 0) throw std::runtime_error("the file may only be read");
  const auto version = recognise(database, schema);
  if (version == 0) database.exec("PRAGMA page_size = " + std::to_string(schema.page_size));
  enter_wal_mode(database, level);
  if (version < schema.migrations.size()) migrate(database, schema, version);
  return database;
}

SQLite::Database open_database_to_read(const std::string& file, const database_schema& schema,
                                       std::chrono::milliseconds busy_timeout) {
  SQLite::Database database(std::filesystem::absolute(file).string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX,
                            static_cast<int>(busy_timeout.count()));
  database.exec("PRAGMA query_only = ON");
  if (recognise(database, schema) < schema.migrations.size()) {
    throw std::runtime_error("the file is of an older version: the gateway brings it along when it starts");
  }
  return database;
}

void check_database(SQLite::Database& database, std::string_view table) {
  int moved = 0;
  sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved != 0) throw std::runtime_error("the file was moved or removed");
  SQLite::Statement(database, "SELECT 1 FROM " + std::string(table) + " LIMIT 1").executeStep();
}

failure medium_failure(std::string_view doing, const std::exception& problem) {
  auto message = "cannot " + std::string(doing) + ": " + problem.what();
  if (const auto* error = dynamic_cast<const SQLite::Exception*>(&problem)) {
    message += " (SQLite " + std::to_string(error->getExtendedErrorCode()) + ")";
  }
  return unavailable(std::move(message));
}

} // namespace gateway

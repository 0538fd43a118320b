#pragma once

#include "domain/error.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace gateway {

/// How the file of one database is recognised, and how its tables come to be.
struct database_schema {
  std::int32_t application_id; ///< Keeps a file from being opened as something that it is not.
  /// Number n leads from version n-1 (SQLite's `user_version`) to n. Those released are never edited.
  std::span<const char* const> migrations;
  int page_size = 4096; ///< Of a new file.
};

/// What a commit waits for.
enum class commit_level : std::uint8_t {
  survives_crash,      ///< Of the process, not of the machine: synchronous=NORMAL.
  survives_power_loss, ///< Waits for the disk: synchronous=FULL.
};

/// How long a call waits for another connection's write to end.
constexpr std::chrono::milliseconds default_busy_timeout{5000};

/// Opens `file` in WAL mode and brings it to the newest version of `schema` in one transaction. Directories that
/// are missing are made (0700), and so is the file (0600). Throws when the file is a stranger's, or newer than
/// `schema`.
SQLite::Database open_database(const std::string& file, const database_schema& schema, commit_level level,
                               std::chrono::milliseconds busy_timeout = default_busy_timeout);

/// Opens a file that `open_database` made, for reading only. Throws when it is not there or has another version.
SQLite::Database open_database_to_read(const std::string& file, const database_schema& schema,
                                       std::chrono::milliseconds busy_timeout = default_busy_timeout);

/// Throws when the file was moved or removed behind our back, or when `table` cannot be read.
void check_database(SQLite::Database& database, std::string_view table);

/// `dependency_unavailable`, with what the library said and never a value that was stored.
failure medium_failure(std::string_view doing, const std::exception& problem);

/// What `work` returns, a `result`; a `medium_failure` when it throws. Every call of a store goes through here.
template <class Work>
std::invoke_result_t<Work> attempt(std::string_view doing, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& problem) {
    return tl::unexpected<failure>(medium_failure(doing, problem));
  }
}

/// One use of a statement that is kept prepared: however the use ends, the next finds the statement ready.
class statement_use {
 public:
  explicit statement_use(SQLite::Statement& statement) : statement_(statement) {}
  ~statement_use() { statement_.tryReset(); }
  statement_use(const statement_use&) = delete;
  statement_use& operator=(const statement_use&) = delete;
  SQLite::Statement* operator->() const { return &statement_; }

 private:
  SQLite::Statement& statement_;
};

/// SQLite's integers are signed: these keep every bit of ours, there and back.
constexpr std::int64_t to_stored(std::uint64_t number) { return static_cast<std::int64_t>(number); }
constexpr std::uint64_t from_stored(std::int64_t number) { return static_cast<std::uint64_t>(number); }

} // namespace gateway

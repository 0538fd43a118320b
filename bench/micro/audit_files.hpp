#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_codec.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

/// A directory beside the program, on the disk that is measured; it goes with all that is in it.
class audit_files {
 public:
  audit_files() : path_((std::filesystem::read_symlink("/proc/self/exe").parent_path() / "audit-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("there is no room for files: " + path_);
  }
  audit_files(const audit_files&) = delete;
  audit_files& operator=(const audit_files&) = delete;
  ~audit_files() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string database() const { return path_ + "/audit.db"; }
  std::unique_ptr<audit_store> open_log() const { return std::move(open_sqlite_audit_store(database()).value()); }
  std::unique_ptr<audit_journal> open_journal() const { return std::move(open_audit_journal(database()).value()); }

 private:
  std::string path_;
};

/// A record as a usual request leaves it, of this number.
inline audit_record bench_record(std::size_t number) {
  audit_record record;
  record.id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
  record.created_at = timestamp{std::chrono::milliseconds{1'795'446'245'678 + static_cast<std::int64_t>(number)}};
  record.request_id = "11111111-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
  record.tenant_id = "acme";
  record.key_id = "22222222-0000-4000-8000-100000000000";
  record.endpoint = "/v1/chat/completions";
  record.method = "POST";
  record.model = "gpt-4o-mini";
  record.upstream = "openai";
  record.upstream_model = "gpt-4o-mini-2024-07-18";
  record.usage = {120, 340};
  record.source = usage_source::provider;
  record.cost = 222;
  record.counted = true;
  record.latency_ms = 560;
  record.attempts = 1;
  return record;
}

inline std::vector<audit_entry> bench_entries(audit_entry::phase what, std::size_t first, std::size_t count) {
  std::vector<audit_entry> entries;
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) entries.push_back({what, bench_record(first + i), {500, 7000}});
  return entries;
}

/// What the log would be without a journal, at its least: rows that are admitted, and moved when they are settled.
class two_phase_table {
 public:
  two_phase_table(const audit_files& files, bool sync)
      : database_(files.database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    database_.exec("PRAGMA journal_mode = WAL");
    database_.exec(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    database_.exec("CREATE TABLE open (id TEXT PRIMARY KEY, entry BLOB) WITHOUT ROWID");
    database_.exec("CREATE TABLE records (sequence INTEGER PRIMARY KEY, id TEXT, created_at INTEGER, record BLOB)");
    database_.exec("CREATE UNIQUE INDEX once ON records (created_at, id)");
    insert_.emplace(database_, "INSERT INTO open VALUES (?, ?)");
    remove_.emplace(database_, "DELETE FROM open WHERE id = ?");
    append_.emplace(database_, "INSERT INTO records (id, created_at, record) VALUES (?, ?, ?)");
  }

  void admit(const std::vector<audit_entry>& entries) {
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const auto& each : entries) {
      insert_->bindNoCopy(1, each.record.id);
      insert_->bindNoCopy(2, blob_of(each).data(), static_cast<int>(blob_.size()));
      insert_->exec();
      insert_->reset();
    }
    transaction.commit();
  }

  void settle(const std::vector<audit_entry>& entries) {
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const auto& each : entries) {
      remove_->bindNoCopy(1, each.record.id);
      remove_->exec();
      remove_->reset();
      append_->bindNoCopy(1, each.record.id);
      append_->bind(2, each.record.created_at.time_since_epoch().count());
      append_->bindNoCopy(3, blob_of(each).data(), static_cast<int>(blob_.size()));
      append_->exec();
      append_->reset();
    }
    transaction.commit();
  }

 private:
  const std::string& blob_of(const audit_entry& entry) {
    blob_.clear();
    encode(entry, blob_);
    return blob_;
  }

  SQLite::Database database_;
  std::optional<SQLite::Statement> insert_;
  std::optional<SQLite::Statement> remove_;
  std::optional<SQLite::Statement> append_;
  std::string blob_;
};

} // namespace gateway

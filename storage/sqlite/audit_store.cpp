#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"
#include "storage/sqlite/audit_blocks.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_missing.hpp"
#include "storage/sqlite/audit_query.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "storage/sqlite/audit_trim.hpp"
#include "storage/sqlite/audit_upgrade.hpp"
#include "storage/sqlite/audit_usage.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Transaction.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace gateway {

namespace {

constexpr int bytes_between_checkpoints = 2 * 1024 * 1024;

SQLite::Database open_log(const std::string& file, const secret& chain_key) {
  auto database = open_database(file, audit_schema(), commit_level::survives_crash);
  // 2 MiB at a time, where SQLite's 1000 pages would be 16: whoever waits for a commit waits for this, too.
  const auto page_size = database.execAndGet("PRAGMA page_size").getInt();
  database.exec("PRAGMA wal_autocheckpoint = " + std::to_string(bytes_between_checkpoints / page_size));
  prepare_audit_log(database, chain_key);
  return database;
}

class sqlite_audit_store final : public audit_store {
 public:
  sqlite_audit_store(const std::string& file, const secret& chain_key)
      : database_(open_log(file, chain_key)), chain_(chain_key) {}

  using audit_store::append;

  result<void> append(encoded_records records) override {
    return attempt("append to the audit log", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      auto head = ends_.read(audit_ends::which::head, chain_);
      const auto before = head.sequence;
      // It is only kept when all of this works.
      auto sums = std::exchange(unsummed_, std::nullopt);
      if (!sums) sums = read_unsummed_usage(database_, ends_, chain_, head);
      block_.clear(); // A transaction that failed may have left some.
      for (const auto bytes : records) {
        append_one(bytes, head);
        add_to(*sums, record_);
      }
      ends_.write(audit_ends::which::head, head, chain_);
      if (head.sequence / records_between_sums != before / records_between_sums) {
        add_usage(database_, *sums);
        ends_.write(audit_ends::which::summed, head, chain_);
        sums->clear();
      }
      flush_block();
      transaction.commit();
      unsummed_ = std::move(sums);
      return {};
    });
  }

  result<std::vector<std::string_view>> missing(encoded_records records) override {
    return attempt("read the audit log",
                   [&]() -> result<std::vector<std::string_view>> { return find_missing_records(database_, records); });
  }

  result<audit_page> read(const audit_query& query) override {
    return attempt("read the audit log", [&]() -> result<audit_page> { return find_audit_records(database_, query); });
  }

  result<usage_rows> usage(const usage_query& query) override {
    return attempt("sum up usage", [&]() -> result<usage_rows> { return read_usage(database_, query); });
  }

  result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) override {
    return attempt("read the audit log", [&]() -> result<void> {
      visit_counted_records(database_, from, visit);
      return {};
    });
  }

  result<bool> trim(const audit_retention& keep, timestamp now) override {
    return attempt("delete old audit records", [&]() -> result<bool> {
      const auto summed = ends_.read(audit_ends::which::summed, chain_);
      const auto is_more = trim_audit_log(database_, keep, now, chain_);
      if (ends_.read(audit_ends::which::summed, chain_) != summed) unsummed_.reset();
      return is_more;
    });
  }

  result<void> check() override {
    return attempt("reach the audit log", [&]() -> result<void> {
      check_database(database_, "audit_blocks");
      return {};
    });
  }

 private:
  void append_one(std::string_view bytes, log_end& head) {
    if (!decode_record(bytes, record_)) throw std::runtime_error("what is to be appended is no record");
    head = {head.sequence + 1, chain_.next(head, bytes)};
    if (block_.is_full()) flush_block();
    block_.add(head, record_, bytes);
  }

  void flush_block() {
    if (block_.count > 0) blocks_.insert(block_);
    block_.clear();
  }

  SQLite::Database database_;
  audit_chain chain_;
  audit_record record_;                ///< The one that is being appended,
  audit_block block_;                  ///< and those before it that are not written yet.
  std::optional<usage_sums> unsummed_; ///< Of the records that are not summed up yet; nothing: they must be read.
  audit_ends ends_{database_};
  block_writer blocks_{database_};
};

class sqlite_audit_view final : public audit_view {
 public:
  explicit sqlite_audit_view(SQLite::Database database) : database_(std::move(database)) {}

  result<audit_page> read(const audit_query& query) override {
    return attempt("read the audit log", [&]() -> result<audit_page> { return find_audit_records(database_, query); });
  }

  result<usage_rows> usage(const usage_query& query) override {
    return attempt("sum up usage", [&]() -> result<usage_rows> { return read_usage(database_, query); });
  }

 private:
  SQLite::Database database_;
};

} // namespace

result<std::unique_ptr<audit_store>> open_sqlite_audit_store(const std::string& file, const secret& chain_key) {
  return attempt("open the audit log " + file, [&]() -> result<std::unique_ptr<audit_store>> {
    return std::make_unique<sqlite_audit_store>(file, chain_key);
  });
}

result<std::unique_ptr<audit_view>> open_sqlite_audit_view(const std::string& file) {
  return attempt("open the audit log " + file, [&]() -> result<std::unique_ptr<audit_view>> {
    return std::make_unique<sqlite_audit_view>(open_audit_log_to_read(file));
  });
}

} // namespace gateway

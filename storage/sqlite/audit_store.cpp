#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_missing.hpp"
#include "storage/sqlite/audit_query.hpp"
#include "storage/sqlite/audit_rows.hpp"
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
  prepare_audit_chain(database, chain_key);
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
      close_segments(head.sequence + 1);
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
      check_database(database_, "audit_records");
      return {};
    });
  }

 private:
  void append_one(std::string_view bytes, log_end& head) {
    if (!decode_record(bytes, record_)) throw std::runtime_error("what is to be appended is no record");
    log_end next{head.sequence + 1, {}};
    if (const auto moment = to_storable(record_.created_at); moment == record_.created_at) {
      next.link = chain_.next(head, bytes);
    } else {
      // The chain must be over what will be read back.
      record_.created_at = moment;
      next.link = chain_.next(head, record_);
    }
    write_audit_record(insert_, next, record_);
    head = next;
  }

  // The segments before the one of the number `next` are full: from now on they are found through the lookup.
  void close_segments(std::int64_t next) {
    const auto end = next / audit_segment_size;
    const auto first = read_first_open();
    if (first >= end) return;
    for (auto* statement : {&close_, &look_up_}) {
      const statement_use use(*statement);
      use->bind(1, first * audit_segment_size);
      use->bind(2, end * audit_segment_size);
      use->bind(3, audit_segment_size);
      use->exec();
    }
  }

  std::int64_t read_first_open() {
    const statement_use use(first_open_);
    use->executeStep();
    return use->getColumn(0).getInt64();
  }

  SQLite::Database database_;
  audit_chain chain_;
  audit_record record_;                ///< The one that is being appended.
  std::optional<usage_sums> unsummed_; ///< Of the records that are not summed up yet; nothing: they must be read.
  audit_ends ends_{database_};
  SQLite::Statement insert_{database_, insert_audit_record};
  SQLite::Statement first_open_{database_, "SELECT coalesce(max(segment) + 1, 0) FROM audit_segments"};
  SQLite::Statement close_{database_,
                           "INSERT INTO audit_segments SELECT sequence / ?3, min(created_at), max(created_at)"
                           " FROM audit_records WHERE sequence >= ?1 AND sequence < ?2 GROUP BY 1"};
  SQLite::Statement look_up_{database_,
                             "INSERT INTO audit_lookup SELECT sequence / ?3, tenant_id, request_id, sequence"
                             " FROM audit_records WHERE sequence >= ?1 AND sequence < ?2 ORDER BY 1, 2, 3, 4"};
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
    return std::make_unique<sqlite_audit_view>(open_database_to_read(file, audit_schema()));
  });
}

} // namespace gateway

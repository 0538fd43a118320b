#include "storage/audit_store.hpp"

#include "storage/sqlite/audit_query.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gateway {

namespace {

class sqlite_audit_store final : public audit_store {
 public:
  explicit sqlite_audit_store(SQLite::Database database) : database_(std::move(database)) {}

  result<void> append(const std::vector<audit_record>& records) override {
    return attempt("append to the audit log", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      const auto first_open = read_first_open();
      auto sequence = std::max(read_next_sequence(), first_open * audit_segment_size);
      for (const auto& record : records) {
        if (write_audit_record(insert_, sequence, record)) ++sequence;
      }
      if (sequence / audit_segment_size > first_open) close_segments(first_open, sequence / audit_segment_size);
      transaction.commit();
      return {};
    });
  }

  result<audit_page> read(const audit_query& query) override {
    return attempt("read the audit log", [&]() -> result<audit_page> { return find_audit_records(database_, query); });
  }

  result<usage_rows> usage(const usage_query&) override { return usage_rows{}; }

  result<void> visit_counted(timestamp, const std::function<void(const audit_record&)>&) override {
    return tl::unexpected(unavailable("the audit log does not say yet what was counted"));
  }

  result<void> check() override {
    return attempt("reach the audit log", [&]() -> result<void> {
      check_database(database_, "audit_records");
      return {};
    });
  }

 private:
  static std::int64_t read_number(SQLite::Statement& statement) {
    const statement_use use(statement);
    use->executeStep();
    return use->getColumn(0).getInt64();
  }

  std::int64_t read_next_sequence() { return read_number(next_sequence_); }
  std::int64_t read_first_open() { return read_number(first_open_); }

  // The segments from `first` to before `end` are full: from now on they are found through the lookup.
  void close_segments(std::int64_t first, std::int64_t end) {
    for (auto* statement : {&close_, &look_up_}) {
      const statement_use use(*statement);
      use->bind(1, first * audit_segment_size);
      use->bind(2, end * audit_segment_size);
      use->bind(3, audit_segment_size);
      use->exec();
    }
  }

  SQLite::Database database_;
  SQLite::Statement insert_{database_, insert_audit_record};
  SQLite::Statement next_sequence_{database_, "SELECT coalesce(max(sequence), 0) + 1 FROM audit_records"};
  SQLite::Statement first_open_{database_, "SELECT coalesce(max(segment) + 1, 0) FROM audit_segments"};
  SQLite::Statement close_{database_,
                           "INSERT INTO audit_segments SELECT sequence / ?3, min(created_at), max(created_at)"
                           " FROM audit_records WHERE sequence >= ?1 AND sequence < ?2 GROUP BY 1"};
  SQLite::Statement look_up_{database_,
                             "INSERT INTO audit_lookup SELECT sequence / ?3, tenant_id, request_id, sequence"
                             " FROM audit_records WHERE sequence >= ?1 AND sequence < ?2 ORDER BY 1, 2, 3, 4"};
};

} // namespace

result<std::unique_ptr<audit_view>> open_sqlite_audit_view(const std::string& file) {
  return open_sqlite_audit_store(file);
}

result<std::unique_ptr<audit_store>> open_sqlite_audit_store(const std::string& file) {
  return attempt("open the audit log " + file, [&]() -> result<std::unique_ptr<audit_store>> {
    return std::make_unique<sqlite_audit_store>(open_database(file, audit_schema(), commit_level::survives_crash));
  });
}

} // namespace gateway

#include "storage/sqlite/audit_trim.hpp"

#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "storage/sqlite/audit_usage.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace gateway {

namespace {

template <class... Values>
SQLite::Statement prepared(SQLite::Database& database, const char* sql, const Values&... values) {
  SQLite::Statement statement(database, sql);
  int index = 0;
  (statement.bind(++index, values), ...);
  return statement;
}

// Pages in use. Those that deleting frees stay in the file and take the next records, so that the file stops growing;
// giving them back to the file system would need a vacuum of a log that was begun without one, and its extra pages at
// every commit.
std::uint64_t used_bytes(SQLite::Database& database) {
  const auto number = [&](const char* pragma) { return database.execAndGet(pragma).getInt64(); };
  return static_cast<std::uint64_t>((number("PRAGMA page_count") - number("PRAGMA freelist_count")) *
                                    number("PRAGMA page_size"));
}

// The number after the last that may go, of those from `first` to before `end`.
std::int64_t end_of_old(SQLite::Database& database, std::int64_t first, std::int64_t end, timestamp oldest) {
  auto young = prepared(database,
                        "SELECT coalesce(min(sequence), ?2) FROM audit_records"
                        " WHERE sequence >= ?1 AND sequence < ?2 AND created_at >= ?3",
                        first, end, to_audit_moment(oldest));
  young.executeStep();
  return young.getColumn(0).getInt64();
}

} // namespace

bool trim_audit_log(SQLite::Database& database, const audit_retention& keep, timestamp now, audit_chain& chain) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  audit_ends ends(database);
  const auto anchor = ends.read(audit_ends::which::anchor, chain);
  auto oldest = prepared(database, "SELECT min(sequence) FROM audit_records WHERE sequence > ?", anchor.sequence);
  oldest.executeStep();
  if (oldest.isColumnNull(0)) return false;
  const auto first = oldest.getColumn(0).getInt64();
  oldest.reset();
  const auto segment = first / audit_segment_size;
  const auto full = (segment + 1) * audit_segment_size;
  auto end = full;
  if (keep.max_bytes == 0 || used_bytes(database) <= keep.max_bytes) {
    if (keep.days == 0) return false;
    end = end_of_old(database, first, full, now - std::chrono::days{keep.days});
  }
  auto last = prepared(database,
                       "SELECT sequence, chain FROM audit_records WHERE sequence >= ? AND sequence < ?"
                       " ORDER BY sequence DESC LIMIT 1",
                       first, end);
  if (!last.executeStep()) return false;
  const log_end gone{last.getColumn(0).getInt64(), read_link(last.getColumn(1))};
  last.reset();
  sum_up_usage(database, ends, chain, gone);
  prepared(database, "DELETE FROM audit_records WHERE sequence >= ? AND sequence <= ?", first, gone.sequence).exec();
  if (end == full) {
    prepared(database, "DELETE FROM audit_lookup WHERE segment <= ?", segment).exec();
    prepared(database, "DELETE FROM audit_segments WHERE segment <= ?", segment).exec();
  }
  ends.write(audit_ends::which::anchor, gone, chain);
  transaction.commit();
  return true;
}

} // namespace gateway

#include "storage/sqlite/audit_query.hpp"

#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gateway {

namespace {

// SQL that grows, and the values of its question marks.
class select_text {
 public:
  explicit select_text(std::string_view from)
      : sql_("SELECT " + std::string(audit_record_columns) + " FROM " + std::string(from)) {}

  void add(std::string_view sql) { sql_ += sql; }
  void add(std::string_view sql, std::int64_t value) { add_value(sql, value); }
  void add(std::string_view sql, std::string value) { add_value(sql, std::move(value)); }

  SQLite::Statement prepare(SQLite::Database& database) const {
    SQLite::Statement statement(database, sql_);
    int index = 0;
    for (const auto& value : values_) {
      std::visit([&](const auto& bound) { statement.bind(++index, bound); }, value);
    }
    return statement;
  }

 private:
  void add_value(std::string_view sql, std::variant<std::int64_t, std::string> value) {
    sql_ += sql;
    values_.push_back(std::move(value));
  }

  std::string sql_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

void add_filters(select_text& select, const audit_query& query) {
  if (!query.tenant_id.empty()) select.add(" AND r.tenant_id = ?", query.tenant_id);
  if (query.from) select.add(" AND r.created_at >= ?", to_audit_moment(*query.from));
  if (query.to) select.add(" AND r.created_at < ?", to_audit_moment(*query.to));
  if (query.key_id) select.add(" AND r.key_id = ?", *query.key_id);
  if (query.status) select.add(" AND r.status = ?", *query.status);
  if (query.model) select.add(" AND r.model = ?", *query.model);
  if (query.request_id) select.add(" AND r.request_id = ?", *query.request_id);
}

// Those that are in no full segment yet, one by one.
select_text select_open(const audit_query& query, std::int64_t first, std::int64_t before, std::int64_t count) {
  select_text select("audit_records r");
  select.add(" WHERE r.sequence >= ?", first);
  select.add(" AND r.sequence < ?", before);
  add_filters(select, query);
  select.add(" ORDER BY r.sequence DESC LIMIT ?", count);
  return select;
}

void add_segments(select_text& select, const audit_query& query, std::int64_t before) {
  select.add(" WHERE s.segment <= ?", before / audit_segment_size);
  if (query.from) select.add(" AND s.newest >= ?", to_audit_moment(*query.from));
  if (query.to) select.add(" AND s.oldest < ?", to_audit_moment(*query.to));
}

// Those in the full segments, one by one. CROSS JOIN keeps the order in which the tables are asked.
select_text select_in_order(const audit_query& query, std::int64_t before, std::int64_t count) {
  select_text select("audit_segments s CROSS JOIN audit_records r");
  add_segments(select, query, before);
  select.add(" AND r.sequence >= s.segment * ?", audit_segment_size);
  select.add(" AND r.sequence < (s.segment + 1) * ?", audit_segment_size);
  select.add(" AND r.sequence < ?", before);
  add_filters(select, query);
  select.add(" ORDER BY s.segment DESC, r.sequence DESC LIMIT ?", count);
  return select;
}

// Those of one tenant or one request in the full segments.
select_text select_by_lookup(const audit_query& query, std::int64_t before, std::int64_t count) {
  select_text select("audit_segments s CROSS JOIN audit_lookup i CROSS JOIN audit_records r");
  add_segments(select, query, before);
  select.add(" AND i.segment = s.segment");
  if (!query.tenant_id.empty()) select.add(" AND i.tenant_id = ?", query.tenant_id);
  if (query.request_id) select.add(" AND i.request_id = ?", *query.request_id);
  select.add(" AND i.sequence < ? AND r.sequence = i.sequence", before);
  add_filters(select, query);
  select.add(" ORDER BY s.segment DESC, i.sequence DESC LIMIT ?", count);
  return select;
}

std::int64_t first_open_sequence(SQLite::Database& database) {
  return database.execAndGet("SELECT coalesce(max(segment) + 1, 0) FROM audit_segments").getInt64() *
         audit_segment_size;
}

// Adds what `select` finds, up to `limit` records; one more than that only says that there is a next page.
void take(SQLite::Database& database, const select_text& select, std::size_t limit, audit_page& page,
          std::int64_t& last) {
  auto row = select.prepare(database);
  while (!page.next && row.executeStep()) {
    if (page.rows.size() == limit) {
      page.next = static_cast<std::uint64_t>(last);
    } else {
      last = read_audit_sequence(row);
      page.rows.push_back({static_cast<std::uint64_t>(last), read_audit_record(row)});
    }
  }
}

} // namespace

audit_page find_audit_records(SQLite::Database& database, const audit_query& query) {
  // Both selects must see the same log, so they share one snapshot.
  const SQLite::Transaction snapshot(database);
  const auto first_open = first_open_sequence(database);
  const auto by_lookup = !query.tenant_id.empty() || query.request_id;
  constexpr std::uint64_t end = std::numeric_limits<std::int64_t>::max();
  const auto before = static_cast<std::int64_t>(std::min(query.before.value_or(end), end));
  const std::int64_t limit = std::clamp(query.limit, 1U, 1000U);

  audit_page page;
  std::int64_t last = 0;
  const auto wanted = static_cast<std::size_t>(limit);
  take(database, select_open(query, first_open, before, limit + 1), wanted, page, last);
  const auto full = by_lookup ? select_by_lookup : select_in_order;
  take(database, full(query, before, limit + 1), wanted, page, last);
  return page;
}

void visit_counted_records(SQLite::Database& database, timestamp from,
                           const std::function<void(const audit_record&)>& visit) {
  const SQLite::Transaction snapshot(database);
  const auto moment = to_audit_moment(from);
  SQLite::Statement segment(database, "SELECT min(segment) FROM audit_segments WHERE newest >= ?");
  segment.bind(1, moment);
  segment.executeStep();
  const auto first =
      segment.isColumnNull(0) ? first_open_sequence(database) : segment.getColumn(0).getInt64() * audit_segment_size;
  SQLite::Statement row(database, "SELECT " + std::string(audit_record_columns) +
                                      " FROM audit_records r WHERE r.sequence >= ? AND r.counted != 0"
                                      " AND r.created_at >= ? ORDER BY r.sequence");
  row.bind(1, first);
  row.bind(2, moment);
  while (row.executeStep()) visit(read_audit_record(row));
}

} // namespace gateway

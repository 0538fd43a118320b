#include "storage/sqlite/audit_usage.hpp"

#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Statement.h>

namespace gateway {

namespace {

constexpr auto columns =
    "hour, tenant_id, key_id, model, upstream, requests, errors, prompt_tokens, completion_tokens, cached_tokens,"
    " reasoning_tokens, cost";

// No sum passes `usage_count::most`, so that SQLite never turns one into a floating point number.
std::string upsert_sql() {
  std::string sql = "INSERT INTO audit_usage (" + std::string(columns) +
                    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (hour, tenant_id, key_id, model, upstream) DO UPDATE SET ";
  const auto* separator = "";
  for (const std::string column :
       {"requests", "errors", "prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "cost"}) {
    sql += separator + column + " = min(" + column + " + excluded." + column + ", " +
           std::to_string(usage_count::most) + ")";
    separator = ", ";
  }
  return sql;
}

} // namespace

void add_usage(SQLite::Database& database, const usage_sums& sums) {
  if (sums.empty()) return;
  SQLite::Statement upsert(database, upsert_sql());
  for (const auto& [place, count] : sums) {
    const statement_use use(upsert);
    int column = 0;
    use->bind(++column, std::int64_t{place.hour.time_since_epoch().count()});
    for (const auto* text : {&place.tenant_id, &place.key_id, &place.model, &place.upstream})
      use->bindNoCopy(++column, *text);
    for (const auto number : {count.requests, count.errors, count.usage.prompt_tokens, count.usage.completion_tokens,
                              count.usage.cached_tokens, count.usage.reasoning_tokens, count.cost})
      use->bind(++column, to_stored(number));
    use->exec();
  }
}

usage_rows read_usage(SQLite::Database& database, const usage_query& query) {
  usage_report report(query);
  std::string sql = "SELECT " + std::string(columns) + " FROM audit_usage WHERE hour >= ? AND hour < ?";
  if (query.tenant_id) sql += " AND tenant_id = ?";
  SQLite::Statement row(database, sql);
  row.bind(1, std::int64_t{report.from().time_since_epoch().count()});
  row.bind(2, std::int64_t{report.to().time_since_epoch().count()});
  if (query.tenant_id) row.bind(3, *query.tenant_id);
  while (row.executeStep()) {
    int column = 0;
    const auto number = [&] { return from_stored(row.getColumn(column++).getInt64()); };
    const auto text = [&] { return row.getColumn(column++).getString(); };
    usage_place place;
    place.hour = std::chrono::sys_time<std::chrono::hours>(std::chrono::hours(to_stored(number())));
    place.tenant_id = text();
    place.key_id = text();
    place.model = text();
    place.upstream = text();
    usage_count count;
    count.requests = number();
    count.errors = number();
    count.usage.prompt_tokens = number();
    count.usage.completion_tokens = number();
    count.usage.cached_tokens = number();
    count.usage.reasoning_tokens = number();
    count.cost = number();
    report.add(place, count);
  }
  return report.rows();
}

} // namespace gateway

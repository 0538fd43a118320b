#include "storage/sqlite/audit_usage.hpp"

#include "storage/sqlite/audit_blocks.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <limits>

namespace gateway {

namespace {

constexpr auto columns =
    "hour, tenant_id, key_id, model, upstream, requests, errors, prompt_tokens, completion_tokens, cached_tokens,"
    " reasoning_tokens, cost";

// No sum passes `usage_count::most`, so that SQLite never turns one into a floating point number.
std::string upsert_sql() {
  auto sql = fmt::format(
      "INSERT INTO audit_usage ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (hour, tenant_id, key_id, model, upstream) DO UPDATE SET ",
      columns);
  const auto* separator = "";
  for (const auto* column :
       {"requests", "errors", "prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "cost"}) {
    sql += fmt::format("{0}{1} = min({1} + excluded.{1}, {2})", separator, column, usage_count::most);
    separator = ", ";
  }
  return sql;
}

constexpr auto last = std::numeric_limits<std::int64_t>::max();

// The records after `after`, up to and with `to`.
usage_sums sum_records(SQLite::Database& database, std::int64_t after, std::int64_t to = last) {
  usage_sums sums;
  block_cursor blocks(database, {.from = after + 1, .before = to < last ? to + 1 : last});
  blocks.visit([&](std::int64_t sequence, const audit_record& record) {
    if (sequence > after && sequence <= to) add_to(sums, record);
  });
  return sums;
}

void report_summed(SQLite::Database& database, const usage_query& query, usage_report& report) {
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

void sum_up_usage(SQLite::Database& database, audit_ends& ends, audit_chain& chain, const log_end& to) {
  const auto summed = ends.read(audit_ends::which::summed, chain);
  if (summed.sequence >= to.sequence) return;
  add_usage(database, sum_records(database, summed.sequence, to.sequence));
  ends.write(audit_ends::which::summed, to, chain);
}

usage_sums read_unsummed_usage(SQLite::Database& database, audit_ends& ends, audit_chain& chain, const log_end& head) {
  return sum_records(database, ends.read(audit_ends::which::summed, chain).sequence, head.sequence);
}

usage_rows read_usage(SQLite::Database& database, const usage_query& query) {
  const SQLite::Transaction snapshot(database);
  usage_report report(query);
  report_summed(database, query, report);
  const auto summed =
      database.execAndGet("SELECT coalesce(max(sequence), 0) FROM audit_ends WHERE name = 'summed'").getInt64();
  for (const auto& [place, count] : sum_records(database, summed)) report.add(place, count);
  return report.rows();
}

} // namespace gateway

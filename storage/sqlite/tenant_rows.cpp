#include "storage/sqlite/tenant_rows.hpp"

#include "storage/sqlite/database.hpp"

#include <cstdint>
#include <optional>

namespace gateway {

const char* const select_tenants =
    "SELECT tenant_id, time_zone, daily_requests, daily_tokens, requests_per_minute, tokens_per_minute,"
    " concurrent_requests, budget_per_day, budget_per_month FROM tenants";

const char* const upsert_tenant =
    "INSERT OR REPLACE INTO tenants (tenant_id, time_zone, daily_requests, daily_tokens, requests_per_minute,"
    " tokens_per_minute, concurrent_requests, budget_per_day, budget_per_month)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

namespace {

// One walk over the limits, in the order of the columns, for both directions.
template <class Limits, class Visit>
void for_each_limit(Limits& of, Visit visit) {
  int index = 2;
  for (auto* limit :
       {&of.daily_requests, &of.daily_tokens, &of.limits.requests_per_minute, &of.limits.tokens_per_minute,
        &of.limits.concurrent_requests, &of.limits.budget_per_day, &of.limits.budget_per_month})
    visit(index++, *limit);
}

} // namespace

void bind_tenant(SQLite::Statement& statement, const std::string& tenant_id, const tenant_limits& limits) {
  statement.bind(1, tenant_id);
  statement.bind(2, limits.time_zone);
  for_each_limit(limits, [&](int index, const std::optional<std::uint64_t>& limit) {
    if (limit)
      statement.bind(index + 1, to_stored(*limit));
    else
      statement.bind(index + 1);
  });
}

std::pair<std::string, tenant_limits> read_tenant(SQLite::Statement& row) {
  tenant_limits limits;
  limits.time_zone = row.getColumn(1).getString();
  for_each_limit(limits, [&](int index, std::optional<std::uint64_t>& limit) {
    if (const auto column = row.getColumn(index); !column.isNull()) limit = from_stored(column.getInt64());
  });
  return {row.getColumn(0).getString(), std::move(limits)};
}

} // namespace gateway

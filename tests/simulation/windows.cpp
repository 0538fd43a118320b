#include "tests/simulation/windows.hpp"

#include <date/tz.h>

namespace gateway::simulation {
namespace {

std::chrono::sys_days local_day(const std::string& zone, timestamp now, bool month) {
  const auto here =
      date::locate_zone(zone)->to_local(date::sys_time<std::chrono::milliseconds>(now.time_since_epoch()));
  const date::year_month_day day{date::floor<date::days>(here)};
  const auto found = date::sys_days(day.year() / day.month() / (month ? date::day(1) : day.day()));
  return std::chrono::sys_days(std::chrono::days(found.time_since_epoch().count()));
}

} // namespace

std::optional<std::uint64_t> limit_of(const principal& who, limit_scope scope, limit_kind kind) {
  if (scope == limit_scope::tenant && !who.tenant) return std::nullopt;
  const bool of_key = scope == limit_scope::key;
  const auto& rates = of_key ? who.limits : who.tenant->limits;
  switch (kind) {
    case limit_kind::daily_requests: return of_key ? who.quota.requests : who.tenant->daily_requests;
    case limit_kind::daily_tokens: return of_key ? who.quota.tokens : who.tenant->daily_tokens;
    case limit_kind::budget_per_day: return rates.budget_per_day;
    case limit_kind::budget_per_month: return rates.budget_per_month;
    case limit_kind::requests_per_minute: return rates.requests_per_minute;
    case limit_kind::tokens_per_minute: return rates.tokens_per_minute;
    case limit_kind::concurrent_requests: return rates.concurrent_requests;
  }
  return std::nullopt;
}

std::uint64_t share_of(limit_kind kind, std::uint64_t requests, const quota_amount& amount) {
  switch (kind) {
    case limit_kind::daily_tokens:
    case limit_kind::tokens_per_minute: return amount.tokens;
    case limit_kind::budget_per_day:
    case limit_kind::budget_per_month: return amount.cost;
    default: return requests;
  }
}

std::vector<applied_limit> limits_of(const principal& who, timestamp now) {
  std::vector<applied_limit> all;
  for (const auto scope : {limit_scope::key, limit_scope::tenant})
    for (std::size_t i = 0; i < limit_kinds; ++i) {
      const auto kind = static_cast<limit_kind>(i);
      if (!limit_of(who, scope, kind)) continue;
      const bool of_key = scope == limit_scope::key;
      applied_limit each{scope, of_key ? who.key_id : who.tenant_id, kind, {}};
      if (is_leased(kind))
        each.day = local_day(of_key ? who.time_zone : who.tenant->time_zone, now, kind == limit_kind::budget_per_month);
      all.push_back(std::move(each));
    }
  return all;
}

std::vector<disk::counter> counters_of(const principal& who, timestamp now) {
  std::vector<disk::counter> all;
  for (std::size_t i = 0; i < leased_kinds; ++i) {
    const auto kind = static_cast<limit_kind>(i);
    const bool month = kind == limit_kind::budget_per_month;
    all.emplace_back(limit_scope::key, who.key_id, kind, local_day(who.time_zone, now, month));
    if (who.tenant)
      all.emplace_back(limit_scope::tenant, who.tenant_id, kind, local_day(who.tenant->time_zone, now, month));
  }
  return all;
}

} // namespace gateway::simulation

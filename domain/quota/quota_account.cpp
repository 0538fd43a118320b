#include "domain/quota/quota_account.hpp"

#include <algorithm>
#include <chrono>

namespace gateway {

namespace {

constexpr std::chrono::seconds idle_after{30};

limit_amounts limits_of(std::uint64_t requests, std::uint64_t tokens, const rate_limits& rest) {
  return {requests,
          tokens,
          rest.budget_per_day.value_or(no_limit),
          rest.budget_per_month.value_or(no_limit),
          rest.requests_per_minute.value_or(no_limit),
          rest.tokens_per_minute.value_or(no_limit),
          rest.concurrent_requests.value_or(no_limit)};
}

// What is owed by then will never be paid.
constexpr std::chrono::minutes given_up_after{10};

std::chrono::milliseconds idle_for(const quota_period& period, const quota_moment& now) {
  return now.steady - period.used_at;
}

bool is_owing(const quota_period& period) {
  return std::any_of(period.limits.begin(), period.limits.end(),
                     [](const leased_limit& limit) { return limit.owed() > 0; });
}

bool can_be_forgotten(const quota_period& period, const quota_moment& now) {
  if (period.when.holds(now.wall) || period.holds > 0) return false;
  return idle_for(period, now) >= (is_owing(period) ? given_up_after : idle_after);
}

} // namespace

void quota_account::follow(const principal_ptr& key) {
  if (source_ == key) return;
  source_ = key;
  set_limits(limits_of(key->quota.requests, key->quota.tokens, key->limits), key->time_zone);
}

void quota_account::follow(const tenant_limits_ptr& tenant) {
  if (source_ == tenant) return;
  source_ = tenant;
  set_limits(
      limits_of(tenant->daily_requests.value_or(no_limit), tenant->daily_tokens.value_or(no_limit), tenant->limits),
      tenant->time_zone);
}

void quota_account::set_limits(const limit_amounts& limits, const std::string& zone) {
  limits_ = limits;
  kinds_ = {};
  for (std::size_t kind = 0; kind < limit_kinds; ++kind)
    if (limits[kind] != no_limit) kinds_.insert(kind);
  if (zone != zone_) {
    zone_ = zone;
    day_ = nullptr;
    month_ = nullptr;
  }
  for (const auto& period : periods_) show_limits(*period);
  const bool by_minute =
      kinds_.contains(limit_kind::requests_per_minute) || kinds_.contains(limit_kind::tokens_per_minute);
  if (by_minute && !minutes_) minutes_ = std::make_unique<minute_windows>();
}

void quota_account::enter(const quota_moment& now) {
  if (kinds_.has_daily() && (day_ == nullptr || !day_->when.holds(now.wall))) day_ = period_at(now, false);
  if (kinds_.has_monthly() && (month_ == nullptr || !month_->when.holds(now.wall))) month_ = period_at(now, true);
}

quota_period* quota_account::period_at(const quota_moment& now, bool is_month) {
  const auto when = is_month ? month_window(zone_, now.wall) : day_window(zone_, now.wall);
  quota_period* found = nullptr;
  for (const auto& period : periods_)
    if (period->is_month == is_month && period->when.day == when.day) found = period.get();
  if (found == nullptr) {
    periods_.push_back(std::make_unique<quota_period>());
    found = periods_.back().get();
    found->is_month = is_month;
    found->used_at = now.steady;
    show_limits(*found);
  }
  found->when = when;
  return found;
}

void quota_account::show_limits(quota_period& period) const {
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (is_of_month(kind) == period.is_month) period.limits[kind].set_limit(limits_[kind]);
}

quota_period* quota_account::find(std::size_t kind, std::chrono::sys_days day) const {
  for (const auto& period : periods_)
    if (period->is_month == is_of_month(kind) && period->when.day == day) return period.get();
  return nullptr;
}

void quota_account::take_unspent(std::vector<lease_return>& into) {
  for (const auto& period : periods_) take_unspent(*period, into);
}

void quota_account::take_unspent(quota_period& period, std::vector<lease_return>& into) {
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (auto unspent = period.limits[kind].take_unspent(); unspent > 0)
      into.push_back({entry_of(period, kind), unspent});
}

void quota_account::take_idle(const quota_moment& now, std::vector<lease_return>& into) {
  for (const auto& period : periods_)
    if (idle_for(*period, now) >= idle_after) take_unspent(*period, into);
  std::erase_if(periods_, [&](const std::unique_ptr<quota_period>& period) {
    const bool forgotten = can_be_forgotten(*period, now);
    if (forgotten && period.get() == day_) day_ = nullptr;
    if (forgotten && period.get() == month_) month_ = nullptr;
    return forgotten;
  });
  if (minutes_) minutes_->slide(now.second());
}

bool quota_account::has_leases() const {
  for (const auto& period : periods_)
    for (const auto& limit : period->limits)
      if (limit.leased() > 0) return true;
  return false;
}

ledger_entry quota_account::entry_of(const quota_period& period, std::size_t kind) const {
  return {scope_, name_, static_cast<limit_kind>(kind), period.when.day, period.when.begins, period.when.ends};
}

} // namespace gateway

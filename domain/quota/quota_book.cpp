#include "domain/quota/quota_book.hpp"

#include <array>
#include <limits>
#include <optional>

namespace gateway {

namespace {

using amounts = std::array<std::uint64_t, leased_kinds>;

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

amounts limits_of(const principal& who) {
  return {who.quota.requests, who.quota.tokens, who.limits.budget_per_day.value_or(unlimited),
          who.limits.budget_per_month.value_or(unlimited)};
}

amounts needs_of(const quota_amount& what) { return {1, what.tokens, what.cost, what.cost}; }

bool applies(const quota_account& account, std::size_t kind) {
  return account.second.limits[kind].limit() != unlimited;
}

ledger_entry entry_of(const quota_account& account, std::size_t kind) {
  return {limit_scope::key,  account.first.name, static_cast<limit_kind>(kind),
          account.first.day, account.first.day,  end_of(account.first.day)};
}

lease_wish wish_of(const quota_account& account, std::size_t kind, std::uint64_t wanted) {
  return {entry_of(account, kind), wanted, account.second.limits[kind].limit()};
}

limit_balance balance_of(const quota_account& account, std::size_t kind) {
  const auto& limit = account.second.limits[kind];
  return {limit_scope::key, static_cast<limit_kind>(kind), limit.limit(), limit.used(),
          limit.held(),     end_of(account.first.day)};
}

limit_balances balances_of(const quota_account& account) {
  limit_balances all;
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (applies(account, kind)) all.push_back(balance_of(account, kind));
  return all;
}

} // namespace

quota_book::quota_book(std::uint32_t epoch, std::chrono::milliseconds hold_lifetime)
    : hold_lifetime_(hold_lifetime), holds_(epoch) {}

quota_decision quota_book::reserve(const principal& who, const quota_amount& wanted, timestamp now) {
  expire(now);
  auto& account = account_of(who, now);
  auto& limits = account.second.limits;
  auto needs = needs_of(wanted);
  std::array<leased_limit::verdict, leased_kinds> verdicts{};
  bool enough = true;
  for (std::size_t kind = 0; kind < leased_kinds; ++kind) {
    if (!applies(account, kind)) continue;
    verdicts[kind] = limits[kind].check(needs[kind], now);
    if (verdicts[kind] == leased_limit::verdict::refused)
      return quota_refusal{balance_of(account, kind), needs[kind], end_of(account.first.day)};
    enough = enough && verdicts[kind] == leased_limit::verdict::fits;
  }
  if (!enough) {
    quota_shortage shortage;
    for (std::size_t kind = 0; kind < leased_kinds; ++kind)
      if (verdicts[kind] == leased_limit::verdict::short_of_lease)
        shortage.push_back(wish_of(account, kind, limits[kind].wish(needs[kind], now)));
    return shortage;
  }
  for (std::size_t kind = 0; kind < leased_kinds; ++kind) limits[kind].hold(needs[kind]);
  ++account.second.holds;
  return quota_hold{holds_.add({&account, needs, now + hold_lifetime_}), balance_of(account, 0),
                    balance_of(account, 1)};
}

quota_shortage quota_book::settle(hold_id id, const quota_amount& used) {
  quota_shortage owed;
  auto settled = holds_.take(id);
  if (!settled) return owed;
  auto& account = *settled->account;
  auto spent = needs_of(used);
  --account.second.holds;
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (auto more = account.second.limits[kind].settle(settled->amounts[kind], spent[kind]); more > 0)
      owed.push_back(wish_of(account, kind, more));
  return owed;
}

void quota_book::release(hold_id id) {
  auto released = holds_.take(id);
  if (!released) return;
  auto& account = released->account->second;
  --account.holds;
  for (std::size_t kind = 0; kind < leased_kinds; ++kind) account.limits[kind].release(released->amounts[kind]);
}

void quota_book::absorb(const std::vector<lease>& leases) {
  for (const auto& lease : leases) {
    auto found = accounts_.find(account_id_view{lease.entry.account, lease.entry.day});
    if (found == accounts_.end()) continue;
    found->second.limits[static_cast<std::size_t>(lease.entry.kind)].absorb(lease.granted, lease.granted_in_all);
  }
}

std::vector<lease_return> quota_book::take_unspent() {
  std::vector<lease_return> all;
  for (auto& account : accounts_)
    for (std::size_t kind = 0; kind < leased_kinds; ++kind)
      if (auto unspent = account.second.limits[kind].take_unspent(); unspent > 0)
        all.push_back({entry_of(account, kind), unspent});
  return all;
}

std::variant<limit_balances, quota_shortage> quota_book::balances(const principal& who, timestamp now) {
  expire(now);
  const auto& account = account_of(who, now);
  quota_shortage shortage;
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (applies(account, kind) && !account.second.limits[kind].is_loaded())
      shortage.push_back(wish_of(account, kind, 0));
  if (!shortage.empty()) return shortage;
  return balances_of(account);
}

quota_account& quota_book::account_of(const principal& who, timestamp now) {
  auto day = day_of(now);
  if (day > today_) {
    // A request of late last night may still be on its way.
    forget_before(day - std::chrono::days{1});
    today_ = day;
  }
  auto found = accounts_.find(account_id_view{who.key_id, day});
  if (found == accounts_.end()) found = accounts_.emplace(account_id{who.key_id, day}, account_limits{}).first;
  auto limits = limits_of(who);
  for (std::size_t kind = 0; kind < leased_kinds; ++kind) found->second.limits[kind].set_limit(limits[kind]);
  return *found;
}

void quota_book::forget_before(std::chrono::sys_days day) {
  std::erase_if(accounts_,
                [day](const quota_account& account) { return account.first.day < day && account.second.holds == 0; });
}

void quota_book::expire(timestamp now) {
  while (auto expired = holds_.take_expired(now)) {
    auto& account = expired->account->second;
    --account.holds;
    for (std::size_t kind = 0; kind < leased_kinds; ++kind)
      account.limits[kind].settle(expired->amounts[kind], expired->amounts[kind]);
  }
}

} // namespace gateway

#include "domain/quota/quota_book.hpp"

#include <array>
#include <optional>

namespace gateway {

namespace {

using amounts = std::array<std::uint64_t, limit_kinds>;

amounts limits_of(const principal& who) { return {who.quota.requests, who.quota.tokens}; }

amounts cost_of(std::uint64_t tokens) { return {1, tokens}; }

ledger_entry entry_of(const quota_account& account, std::size_t kind) {
  return {account.first.name, static_cast<limit_kind>(kind), account.first.day};
}

lease_wish wish_of(const quota_account& account, std::size_t kind, std::uint64_t wanted) {
  return {entry_of(account, kind), wanted, account.second.limits[kind].limit()};
}

limit_balance balance_of(const quota_account& account, std::size_t kind) {
  const auto& limit = account.second.limits[kind];
  return {static_cast<limit_kind>(kind), limit.limit(), limit.used(), limit.held(), end_of(account.first.day)};
}

limit_balances balances_of(const quota_account& account) {
  limit_balances all;
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) all.push_back(balance_of(account, kind));
  return all;
}

} // namespace

quota_book::quota_book(std::uint32_t epoch, std::chrono::milliseconds hold_lifetime)
    : hold_lifetime_(hold_lifetime), holds_(epoch) {}

quota_decision quota_book::reserve(const principal& who, std::uint64_t tokens, timestamp now) {
  expire(now);
  auto& account = account_of(who, now);
  auto& limits = account.second.limits;
  auto needs = cost_of(tokens);
  std::array<leased_limit::verdict, limit_kinds> verdicts{};
  bool enough = true;
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) {
    verdicts[kind] = limits[kind].check(needs[kind], now);
    if (verdicts[kind] == leased_limit::verdict::refused) return quota_refusal{balance_of(account, kind), needs[kind]};
    enough = enough && verdicts[kind] == leased_limit::verdict::fits;
  }
  if (!enough) {
    quota_shortage shortage;
    for (std::size_t kind = 0; kind < limit_kinds; ++kind)
      if (verdicts[kind] == leased_limit::verdict::short_of_lease)
        shortage.push_back(wish_of(account, kind, limits[kind].wish(needs[kind], now)));
    return shortage;
  }
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) limits[kind].hold(needs[kind]);
  ++account.second.holds;
  return quota_hold{holds_.add({&account, needs, now + hold_lifetime_}), balances_of(account)};
}

quota_shortage quota_book::settle(hold_id id, std::uint64_t tokens) {
  quota_shortage owed;
  auto settled = holds_.take(id);
  if (!settled) return owed;
  auto& account = *settled->account;
  auto spent = cost_of(tokens);
  --account.second.holds;
  for (std::size_t kind = 0; kind < limit_kinds; ++kind)
    if (auto more = account.second.limits[kind].settle(settled->amounts[kind], spent[kind]); more > 0)
      owed.push_back(wish_of(account, kind, more));
  return owed;
}

void quota_book::release(hold_id id) {
  auto released = holds_.take(id);
  if (!released) return;
  auto& account = released->account->second;
  --account.holds;
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) account.limits[kind].release(released->amounts[kind]);
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
    for (std::size_t kind = 0; kind < limit_kinds; ++kind)
      if (auto unspent = account.second.limits[kind].take_unspent(); unspent > 0)
        all.push_back({entry_of(account, kind), unspent});
  return all;
}

std::variant<limit_balances, quota_shortage> quota_book::balances(const principal& who, timestamp now) {
  expire(now);
  const auto& account = account_of(who, now);
  quota_shortage shortage;
  for (std::size_t kind = 0; kind < limit_kinds; ++kind)
    if (!account.second.limits[kind].is_loaded()) shortage.push_back(wish_of(account, kind, 0));
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
  for (std::size_t kind = 0; kind < limit_kinds; ++kind) found->second.limits[kind].set_limit(limits[kind]);
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
    for (std::size_t kind = 0; kind < limit_kinds; ++kind)
      account.limits[kind].settle(expired->amounts[kind], expired->amounts[kind]);
  }
}

} // namespace gateway

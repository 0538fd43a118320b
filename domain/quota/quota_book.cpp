#include "domain/quota/quota_book.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

quota_book::quota_book(std::uint32_t epoch, std::chrono::milliseconds hold_lifetime)
    : hold_lifetime_(hold_lifetime), holds_(epoch) {}

quota_decision quota_book::reserve(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now) {
  expire(now.steady);
  auto parts = shares_of(who, now);
  const auto needs = amounts_of(1, wanted);
  if (auto in_the_way = obstacle(parts, needs, now, may_spend(now.steady))) return *std::move(in_the_way);
  for (auto& part : parts)
    if (part.account != nullptr) part.hold(needs, now.steady);
  const auto id = holds_.add({parts, wanted, wanted.tokens, now.steady + hold_lifetime_});
  return granted(id, parts, now);
}

std::optional<quota_decision> quota_book::extend(hold_id id, const quota_amount& more, const quota_moment& now) {
  expire(now.steady);
  auto* found = holds_.find(id);
  if (found == nullptr) return std::nullopt;
  for (auto& part : found->shares)
    if (part.account != nullptr && part.account->minutes() != nullptr) part.account->minutes()->slide(now.second());
  const auto needs = amounts_of(0, more);
  if (auto in_the_way = obstacle(found->shares, needs, now, may_spend(now.steady))) return in_the_way;
  for (auto& part : found->shares)
    if (part.account != nullptr) part.hold(needs, now.steady);
  found->amount.tokens += more.tokens;
  found->amount.cost += more.cost;
  found->last_tokens = more.tokens;
  return granted(id, found->shares, now);
}

quota_shortage quota_book::settle(hold_id id, const quota_amount& used, const quota_moment& now) {
  quota_shortage shortage;
  auto settled = holds_.take(id);
  if (!settled) return shortage;
  for (auto& part : settled->shares) {
    if (part.account == nullptr) continue;
    if (auto* minutes = part.account->minutes()) minutes->slide(now.second());
    const auto owed = part.settle(amounts_of(1, settled->amount), amounts_of(1, used), settled->last_tokens);
    part.kinds.for_each_leased([&](std::size_t kind) {
      part.period(kind).used_at = now.steady;
      if (owed[kind] > 0) shortage.push_back(part.wish(kind, owed[kind]));
    });
  }
  return shortage;
}

void quota_book::release(hold_id id) {
  auto released = holds_.take(id);
  if (!released) return;
  for (auto& part : released->shares)
    if (part.account != nullptr) part.release(amounts_of(1, released->amount), released->last_tokens);
}

void quota_book::absorb(const std::vector<lease>& leases) {
  for (const auto& lease : leases) {
    auto& accounts = lease.entry.scope == limit_scope::key ? keys_ : tenants_;
    const auto kind = static_cast<std::size_t>(lease.entry.kind);
    const auto account = accounts.find(lease.entry.account);
    auto* period = account == accounts.end() ? nullptr : account->second.find(kind, lease.entry.day);
    if (period != nullptr)
      period->limits[kind].absorb(lease.granted, lease.granted_in_all);
    else if (lease.granted > 0)
      strays_.push_back({lease.entry, lease.granted});
  }
}

bool quota_book::has_leases() const {
  const auto leases = [](const account_map::value_type& account) { return account.second.has_leases(); };
  return std::any_of(keys_.begin(), keys_.end(), leases) || std::any_of(tenants_.begin(), tenants_.end(), leases);
}

std::vector<lease_return> quota_book::take_unspent() {
  auto all = std::exchange(strays_, {});
  for (auto* accounts : {&keys_, &tenants_})
    for (auto& [name, account] : *accounts) account.take_unspent(all);
  return all;
}

std::vector<lease_return> quota_book::take_idle(const quota_moment& now) {
  expire(now.steady);
  auto all = std::exchange(strays_, {});
  for (auto* accounts : {&keys_, &tenants_}) {
    for (auto& [name, account] : *accounts) account.take_idle(now, all);
    std::erase_if(*accounts, [](const account_map::value_type& account) { return account.second.is_empty(); });
  }
  return all;
}

std::variant<limit_balances, quota_shortage> quota_book::balances(const principal_ptr& who, const quota_moment& now) {
  expire(now.steady);
  const auto parts = shares_of(who, now);
  return balances_of(parts, now);
}

quota_shares quota_book::shares_of(const principal_ptr& who, const quota_moment& now) {
  quota_shares parts;
  auto& key = keys_.try_emplace(who->key_id, limit_scope::key, who->key_id).first->second;
  key.follow(who);
  parts[0] = quota_share::of(key, now);
  if (!who->tenant) return parts;
  auto& tenant = tenants_.try_emplace(who->tenant_id, limit_scope::tenant, who->tenant_id).first->second;
  tenant.follow(who->tenant);
  parts[1] = quota_share::of(tenant, now);
  return parts;
}

void quota_book::expire(timestamp steady) {
  while (auto expired = holds_.take_expired(steady)) {
    const auto amounts = amounts_of(1, expired->amount);
    for (auto& part : expired->shares)
      if (part.account != nullptr) part.settle(amounts, amounts, 0);
  }
}

} // namespace gateway

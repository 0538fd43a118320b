#include "domain/quota/quota_shares.hpp"

#include <algorithm>

namespace gateway {

namespace {

using verdict = leased_limit::verdict;

// When a running request may have ended, nobody knows.
constexpr std::chrono::seconds concurrency_patience{1};

template <class Visit>
void for_each_leased(const quota_shares& parts, Visit visit) {
  for (const auto& part : parts)
    if (part.account != nullptr) part.kinds.for_each_leased([&](std::size_t kind) { visit(part, kind); });
}

bool is_longer(const quota_refusal& one, const quota_refusal& other) {
  if (one.never_fits() != other.never_fits()) return one.never_fits();
  return one.retry_at > other.retry_at;
}

void keep_longer(std::optional<quota_refusal>& longest, const quota_refusal& other) {
  if (!longest || is_longer(other, *longest)) longest = other;
}

limit_balance balance_of(const quota_share& part, std::size_t kind, const quota_moment& now) {
  const auto& account = *part.account;
  limit_balance balance{
      account.scope(), static_cast<limit_kind>(kind), account.limit(static_cast<limit_kind>(kind)), 0, 0, now.wall};
  const auto of_minute = [&](const minute_window& window) {
    balance.used = window.taken();
    if (window.taken() > 0) balance.resets_at = now.on_the_wall(window.empty_at());
  };
  switch (balance.kind) {
    case limit_kind::requests_per_minute: of_minute(account.minutes()->requests); break;
    case limit_kind::tokens_per_minute: of_minute(account.minutes()->tokens); break;
    case limit_kind::concurrent_requests: balance.held = account.running(); break;
    default: {
      const auto& limit = part.leased(kind);
      balance.limit = limit.limit();
      balance.used = limit.used();
      balance.held = limit.held();
      balance.resets_at = part.period(kind).when.ends;
    }
  }
  return balance;
}

quota_refusal refusal_of(const quota_share& part, std::size_t kind, std::uint64_t need, const quota_moment& now) {
  auto balance = balance_of(part, kind, now);
  auto retry_at = balance.resets_at;
  const auto fits_at = [&](const minute_window& window) {
    return now.on_the_wall(window.fits_at(need, balance.limit));
  };
  switch (balance.kind) {
    case limit_kind::requests_per_minute: retry_at = fits_at(part.account->minutes()->requests); break;
    case limit_kind::tokens_per_minute: retry_at = fits_at(part.account->minutes()->tokens); break;
    case limit_kind::concurrent_requests: retry_at = now.wall + concurrency_patience; break;
    default: break;
  }
  return {balance, need, retry_at};
}

std::optional<limit_balance> tightest(const quota_shares& parts, limit_kind daily, limit_kind by_minute,
                                      const quota_moment& now) {
  const quota_share* found = nullptr;
  auto kind = daily;
  auto least = no_limit;
  for (const auto& part : parts) {
    if (part.account == nullptr) continue;
    for (auto each : {daily, by_minute}) {
      if (!part.kinds.contains(each)) continue;
      const auto remaining = part.remaining(each);
      if (remaining >= least) continue;
      least = remaining;
      kind = each;
      found = &part;
    }
  }
  if (found == nullptr) return std::nullopt;
  return balance_of(*found, static_cast<std::size_t>(kind), now);
}

} // namespace

std::optional<quota_decision> obstacle(const quota_shares& parts, const limit_amounts& needs, const quota_moment& now,
                                       bool may_spend) {
  auto worst = verdict::fits;
  bool fits = true;
  bool leased = false;
  for (const auto& part : parts) {
    if (part.account == nullptr) continue;
    worst = std::max(worst, part.check_leased(needs, now.steady));
    fits = fits && part.fits_locally(needs);
    leased = leased || part.kinds.has_leased();
  }
  const bool asks_first = leased && !may_spend;
  if (worst == verdict::fits && fits && !asks_first) return std::nullopt;

  std::optional<quota_refusal> refusal;
  for_each_leased(parts, [&](const quota_share& part, std::size_t kind) {
    if (part.check(kind, needs, now.steady) == verdict::refused)
      keep_longer(refusal, refusal_of(part, kind, needs[kind], now));
  });
  if (refusal) return *refusal;
  // Before the other limits: who may not come back before tomorrow must not be told to try again in a moment.
  quota_shortage shortage;
  for_each_leased(parts, [&](const quota_share& part, std::size_t kind) {
    auto& limit = part.leased(kind);
    // What is being asked for must not go back meanwhile.
    part.period(kind).used_at = now.steady;
    if (part.check(kind, needs, now.steady) == verdict::short_of_lease) {
      shortage.push_back(part.wish(kind, limit.wish(needs[kind], now.steady)));
    } else if (asks_first) {
      limit.ask_again(now.steady);
      shortage.push_back(part.wish(kind, 0));
    }
  });
  if (!shortage.empty()) return shortage;
  for (const auto& part : parts)
    for (auto kind = leased_kinds; part.account != nullptr && kind < limit_kinds; ++kind)
      if (!part.fits(static_cast<limit_kind>(kind), needs[kind]))
        keep_longer(refusal, refusal_of(part, kind, needs[kind], now));
  return *refusal;
}

quota_hold granted(hold_id id, const quota_shares& parts, const quota_moment& now) {
  return {id, tightest(parts, limit_kind::daily_requests, limit_kind::requests_per_minute, now),
          tightest(parts, limit_kind::daily_tokens, limit_kind::tokens_per_minute, now)};
}

std::variant<limit_balances, quota_shortage> balances_of(const quota_shares& parts, const quota_moment& now) {
  quota_shortage shortage;
  for_each_leased(parts, [&](const quota_share& part, std::size_t kind) {
    if (!part.leased(kind).is_loaded()) shortage.push_back(part.wish(kind, 0));
  });
  if (!shortage.empty()) return shortage;
  limit_balances all;
  for (const auto& part : parts)
    for (std::size_t kind = 0; part.account != nullptr && kind < limit_kinds; ++kind)
      if (part.kinds.contains(kind)) all.push_back(balance_of(part, kind, now));
  return all;
}

} // namespace gateway

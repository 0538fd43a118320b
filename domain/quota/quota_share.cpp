#include "domain/quota/quota_share.hpp"

#include <algorithm>

namespace gateway {

namespace {

std::uint64_t at_least_zero(std::uint64_t minuend, std::uint64_t subtrahend) {
  return minuend > subtrahend ? minuend - subtrahend : 0;
}

constexpr auto tokens_at = static_cast<std::size_t>(limit_kind::daily_tokens);
constexpr auto requests_at = static_cast<std::size_t>(limit_kind::daily_requests);

} // namespace

limit_amounts amounts_of(std::uint64_t requests, const quota_amount& what) {
  return {requests, what.tokens, what.cost, what.cost, requests, what.tokens, requests};
}

quota_share quota_share::of(quota_account& account, const quota_moment& now) {
  account.enter(now);
  if (auto* minutes = account.minutes()) minutes->slide(now.second());
  return {&account, account.day(), account.month(), account.kinds(), now.second(), now.second()};
}

leased_limit::verdict quota_share::check(std::size_t kind, const limit_amounts& needs, timestamp steady) const {
  if (kind == requests_at && needs[kind] == 0) return leased_limit::verdict::fits;
  return leased(kind).check(needs[kind], steady);
}

leased_limit::verdict quota_share::check_leased(const limit_amounts& needs, timestamp steady) const {
  auto worst = leased_limit::verdict::fits;
  kinds.for_each_leased([&](std::size_t kind) { worst = std::max(worst, check(kind, needs, steady)); });
  return worst;
}

bool quota_share::fits(limit_kind kind, std::uint64_t need) const {
  if (!kinds.contains(kind) || need == 0) return true;
  const auto limit = account->limit(kind);
  switch (kind) {
    case limit_kind::requests_per_minute: return account->minutes()->requests.fits(need, limit);
    case limit_kind::tokens_per_minute: return account->minutes()->tokens.fits(need, limit);
    case limit_kind::concurrent_requests: return account->running() < limit;
    default: return true;
  }
}

bool quota_share::fits_locally(const limit_amounts& needs) const {
  for (auto kind = leased_kinds; kind < limit_kinds; ++kind)
    if (!fits(static_cast<limit_kind>(kind), needs[kind])) return false;
  return true;
}

void quota_share::hold(const limit_amounts& needs, timestamp steady) {
  kinds.for_each_leased([&](std::size_t kind) {
    leased(kind).hold(needs[kind]);
    period(kind).used_at = steady;
  });
  last = second_of(steady);
  if (auto* minutes = account->minutes()) {
    minutes->slide(last);
    if (kinds.contains(limit_kind::requests_per_minute)) minutes->requests.take(needs[requests_at]);
    if (kinds.contains(limit_kind::tokens_per_minute)) minutes->tokens.take(needs[tokens_at]);
  }
  if (needs[requests_at] == 0) return;
  if (day != nullptr) ++day->holds;
  if (month != nullptr) ++month->holds;
  account->add_hold();
}

std::array<std::uint64_t, leased_kinds> quota_share::settle(const limit_amounts& held, const limit_amounts& used,
                                                            std::uint64_t last_tokens) {
  std::array<std::uint64_t, leased_kinds> owed{};
  kinds.for_each_leased([&](std::size_t kind) { owed[kind] = leased(kind).settle(held[kind], used[kind]); });
  if (kinds.contains(limit_kind::tokens_per_minute)) {
    auto& tokens = account->minutes()->tokens;
    tokens.give_back(std::min(at_least_zero(held[tokens_at], used[tokens_at]), last_tokens), last);
    tokens.take(std::min(at_least_zero(used[tokens_at], held[tokens_at]),
                         at_least_zero(account->limit(limit_kind::tokens_per_minute), tokens.taken())));
  }
  end();
  return owed;
}

void quota_share::release(const limit_amounts& held, std::uint64_t last_tokens) {
  kinds.for_each_leased([&](std::size_t kind) { leased(kind).release(held[kind]); });
  if (kinds.contains(limit_kind::requests_per_minute)) account->minutes()->requests.give_back(1, first);
  if (kinds.contains(limit_kind::tokens_per_minute)) account->minutes()->tokens.give_back(last_tokens, last);
  end();
}

std::uint64_t quota_share::remaining(limit_kind kind) const {
  const auto limit = account->limit(kind);
  switch (kind) {
    case limit_kind::requests_per_minute: return at_least_zero(limit, account->minutes()->requests.taken());
    case limit_kind::tokens_per_minute: return at_least_zero(limit, account->minutes()->tokens.taken());
    case limit_kind::concurrent_requests: return at_least_zero(limit, account->running());
    default: return leased(static_cast<std::size_t>(kind)).remaining();
  }
}

lease_wish quota_share::wish(std::size_t kind, std::uint64_t wanted) const {
  return {account->entry_of(period(kind), kind), wanted, leased(kind).limit()};
}

void quota_share::end() const {
  if (day != nullptr) --day->holds;
  if (month != nullptr) --month->holds;
  account->end_hold();
}

} // namespace gateway

#pragma once

#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/naive_ledger.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace gateway::test {

inline constexpr std::chrono::sys_days today = std::chrono::year{2026} / 11 / 23;
inline constexpr timestamp noon = today + std::chrono::hours{12};

/// An entry of a day in UTC.
inline ledger_entry entry_of(std::string account, limit_kind kind, std::chrono::sys_days day = today,
                             limit_scope scope = limit_scope::key) {
  return {scope, std::move(account), kind, day, day, end_of(day)};
}

/// A book with a ledger to itself, at noon unless told otherwise.
struct lone_shard {
  naive_ledger ledger;
  test::shard shard{&ledger, "shard", quota_book{1, std::chrono::minutes{10}}};
  quota_book& book = shard.book;

  quota_decision reserve(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now = noon) {
    return shard.reserve(who, wanted, now);
  }
  quota_hold grant(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now = noon) {
    auto decision = reserve(who, wanted, now);
    REQUIRE(std::holds_alternative<quota_hold>(decision));
    return std::get<quota_hold>(decision);
  }
  hold_id hold(const principal_ptr& who, std::uint64_t tokens, const quota_moment& now = noon) {
    return grant(who, {tokens, 0}, now).id;
  }
  quota_refusal refusal(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now = noon) {
    auto decision = reserve(who, wanted, now);
    REQUIRE(std::holds_alternative<quota_refusal>(decision));
    return std::get<quota_refusal>(decision);
  }
  quota_refusal refusal(const principal_ptr& who, std::uint64_t tokens, const quota_moment& now = noon) {
    return refusal(who, quota_amount{tokens, 0}, now);
  }
  void settle(hold_id id, std::uint64_t tokens, const quota_moment& now = noon) { shard.settle(id, {tokens, 0}, now); }

  /// Where it stands on one limit, which must apply.
  limit_balance balance(const principal_ptr& who, limit_kind kind, const quota_moment& now = noon,
                        limit_scope scope = limit_scope::key) {
    std::optional<limit_balance> found;
    for (const auto& each : shard.balances(who, now))
      if (each.kind == kind && each.scope == scope) found = each;
    REQUIRE(found.has_value());
    return *found;
  }
  limit_balance requests(const principal_ptr& who, const quota_moment& now = noon) {
    return balance(who, limit_kind::daily_requests, now);
  }
  limit_balance tokens(const principal_ptr& who, const quota_moment& now = noon) {
    return balance(who, limit_kind::daily_tokens, now);
  }
  std::uint64_t granted(const principal_ptr& who, limit_kind kind) {
    return ledger.granted(entry_of(who->key_id, kind));
  }
  void give_idle_back(const quota_moment& now) { shard.give_idle_back(now); }
};

} // namespace gateway::test

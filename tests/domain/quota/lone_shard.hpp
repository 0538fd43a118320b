#pragma once

#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/naive_ledger.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <variant>

namespace gateway::test {

inline constexpr std::chrono::sys_days today = std::chrono::year{2026} / 11 / 23;
inline constexpr timestamp noon = today + std::chrono::hours{12};

/// A book with a ledger to itself, at noon unless told otherwise.
struct lone_shard {
  naive_ledger ledger;
  quota_book book{1, std::chrono::minutes{10}};

  quota_decision reserve(const principal& who, std::uint64_t tokens, timestamp now = noon) {
    return test::reserve(book, ledger, "shard", who, tokens, now);
  }
  hold_id hold(const principal& who, std::uint64_t tokens, timestamp now = noon) {
    auto decision = reserve(who, tokens, now);
    REQUIRE(std::holds_alternative<quota_hold>(decision));
    return std::get<quota_hold>(decision).id;
  }
  quota_refusal refusal(const principal& who, std::uint64_t tokens, timestamp now = noon) {
    auto decision = reserve(who, tokens, now);
    REQUIRE(std::holds_alternative<quota_refusal>(decision));
    return std::get<quota_refusal>(decision);
  }
  limit_balance requests(const principal& who, timestamp now = noon) {
    return balances(book, ledger, "shard", who, now)[0];
  }
  limit_balance tokens(const principal& who, timestamp now = noon) {
    return balances(book, ledger, "shard", who, now)[1];
  }
  std::uint64_t granted(const principal& who, limit_kind kind) { return ledger.granted({who.key_id, kind, today}); }
};

} // namespace gateway::test

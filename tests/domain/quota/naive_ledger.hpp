#pragma once

#include "domain/quota/quota_book.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::test {

/// What a ledger promises, in the fewest words: over all owners, no entry is granted beyond its limit.
class naive_ledger {
 public:
  std::vector<lease> grant(const std::string& owner, const std::vector<lease_wish>& wishes) {
    std::vector<lease> leases;
    for (const auto& wish : wishes) {
      auto granted_in_all = granted(wish.entry);
      auto now = std::min(wish.wanted, wish.limit - std::min(wish.limit, granted_in_all));
      grants_[id_of(wish.entry)][owner] += now;
      leases.push_back({wish.entry, now, granted_in_all + now});
      ++wishes_;
    }
    return leases;
  }

  /// Fails the test when an owner gives back what it never had.
  void give_back(const std::string& owner, const std::vector<lease_return>& returns) {
    for (const auto& back : returns) {
      auto& had = grants_[id_of(back.entry)][owner];
      REQUIRE(back.unspent <= had);
      had -= back.unspent;
    }
  }

  std::uint64_t granted(const ledger_entry& entry) const {
    std::uint64_t sum = 0;
    if (auto found = grants_.find(id_of(entry)); found != grants_.end())
      for (const auto& [owner, amount] : found->second) sum += amount;
    return sum;
  }

  std::size_t wishes() const { return wishes_; }

 private:
  using id = std::tuple<std::string, limit_kind, std::chrono::sys_days>;
  static id id_of(const ledger_entry& entry) { return {entry.account, entry.kind, entry.day}; }

  std::map<id, std::map<std::string, std::uint64_t>> grants_;
  std::size_t wishes_ = 0;
};

/// Reserves as the actor does: what the book is short of is asked of the ledger, until the book decides.
inline quota_decision reserve(quota_book& book, naive_ledger& ledger, const std::string& owner, const principal& who,
                              std::uint64_t tokens, timestamp now) {
  auto decision = book.reserve(who, tokens, now);
  if (const auto* shortage = std::get_if<quota_shortage>(&decision)) {
    book.absorb(ledger.grant(owner, *shortage));
    decision = book.reserve(who, tokens, now);
  }
  REQUIRE_FALSE(std::holds_alternative<quota_shortage>(decision));
  return decision;
}

inline limit_balances balances(quota_book& book, naive_ledger& ledger, const std::string& owner, const principal& who,
                               timestamp now) {
  auto answer = book.balances(who, now);
  if (const auto* shortage = std::get_if<quota_shortage>(&answer)) {
    for (const auto& wish : *shortage) REQUIRE(wish.wanted == 0);
    book.absorb(ledger.grant(owner, *shortage));
    answer = book.balances(who, now);
  }
  REQUIRE(std::holds_alternative<limit_balances>(answer));
  return std::get<limit_balances>(answer);
}

inline principal make_principal(std::string key_id, std::uint64_t requests, std::uint64_t tokens) {
  principal who;
  who.key_id = std::move(key_id);
  who.tenant_id = "acme";
  who.quota = {requests, tokens};
  return who;
}

} // namespace gateway::test

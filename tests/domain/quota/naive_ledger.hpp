#pragma once

#include "domain/quota/quota_book.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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
  using id = std::tuple<limit_scope, std::string, limit_kind, std::chrono::sys_days>;
  static id id_of(const ledger_entry& entry) { return {entry.scope, entry.account, entry.kind, entry.day}; }

  std::map<id, std::map<std::string, std::uint64_t>> grants_;
  std::size_t wishes_ = 0;
};

/// A book with its name in the ledger, asked as the actor asks it: what it is short of is asked of the ledger.
struct shard {
  naive_ledger* ledger;
  std::string owner;
  quota_book book;

  void ask(const quota_shortage& wishes, const quota_moment& now) {
    book.absorb(ledger->grant(owner, wishes));
    book.ledger_answered(now.steady);
  }

  quota_decision reserve(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now) {
    auto decision = book.reserve(who, wanted, now);
    if (const auto* shortage = std::get_if<quota_shortage>(&decision)) {
      ask(*shortage, now);
      decision = book.reserve(who, wanted, now);
    }
    REQUIRE_FALSE(std::holds_alternative<quota_shortage>(decision));
    return decision;
  }

  std::optional<quota_decision> extend(hold_id id, const quota_amount& more, const quota_moment& now) {
    auto decision = book.extend(id, more, now);
    if (!decision) return decision;
    if (const auto* shortage = std::get_if<quota_shortage>(&*decision)) {
      ask(*shortage, now);
      decision = book.extend(id, more, now);
    }
    REQUIRE(decision.has_value());
    REQUIRE_FALSE(std::holds_alternative<quota_shortage>(*decision));
    return decision;
  }

  void settle(hold_id id, const quota_amount& used, const quota_moment& now) {
    if (auto owed = book.settle(id, used, now); !owed.empty()) ask(owed, now);
  }

  limit_balances balances(const principal_ptr& who, const quota_moment& now) {
    auto answer = book.balances(who, now);
    if (const auto* shortage = std::get_if<quota_shortage>(&answer)) {
      for (const auto& wish : *shortage) REQUIRE(wish.wanted == 0);
      ask(*shortage, now);
      answer = book.balances(who, now);
    }
    REQUIRE(std::holds_alternative<limit_balances>(answer));
    return std::get<limit_balances>(answer);
  }

  void give_back() { ledger->give_back(owner, book.take_unspent()); }
  void give_idle_back(const quota_moment& now) { ledger->give_back(owner, book.take_idle(now)); }
};

/// A key of the tenant `acme` with daily limits only.
inline principal_ptr make_principal(std::string key_id, std::uint64_t requests, std::uint64_t tokens) {
  principal who;
  who.key_id = std::move(key_id);
  who.tenant_id = "acme";
  who.quota = {requests, tokens};
  return std::make_shared<const principal>(std::move(who));
}

/// The same key after an operator changed it.
template <class Change>
principal_ptr changed(const principal_ptr& who, Change change) {
  auto next = *who;
  change(next);
  return std::make_shared<const principal>(std::move(next));
}

/// The same key in a tenant with limits.
template <class Change>
principal_ptr in_tenant(const principal_ptr& who, Change change) {
  tenant_limits limits;
  change(limits);
  auto shared = std::make_shared<const tenant_limits>(std::move(limits));
  return changed(who, [&](principal& next) { next.tenant = shared; });
}

} // namespace gateway::test

#pragma once

#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/naive_ledger.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::test {

inline constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{20};
inline constexpr std::chrono::minutes hold_lifetime{10};
using amounts = std::array<std::uint64_t, limit_kinds>;

/// A key's day, counted without leases.
struct count {
  amounts used{};
  amounts held{};
  amounts limit{};   ///< As last seen.
  amounts highest{}; ///< Of the day.
};

struct running {
  std::size_t shard;
  hold_id id;
  std::pair<std::string, std::chrono::sys_days> account;
  std::uint64_t tokens;
  timestamp deadline;
};

struct shard_of_world {
  std::string owner;
  quota_book book;
};

/// Random callers, crashes, clean restarts, failing asks and operators over some shards that share a ledger.
class world {
 public:
  world(std::uint64_t seed, std::size_t shards) : random_(seed) {
    for (std::size_t i = 0; i < shards; ++i) shards_.push_back({"shard " + std::to_string(i), new_book()});
    for (int i = 0; i < 3; ++i) keys_.push_back(make_principal("key " + std::to_string(i), 0, 0));
    for (auto& key : keys_) change_limits(key);
  }

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  count& count_of(const principal& who) {
    auto& found = counts_[{who.key_id, day_of(now_)}];
    found.limit = {who.quota.requests, who.quota.tokens};
    for (std::size_t kind = 0; kind < limit_kinds; ++kind)
      found.highest[kind] = std::max(found.highest[kind], found.limit[kind]);
    return found;
  }

  void change_limits(principal& key) { key.quota = {1 + below(40), 1 + below(4000)}; }

  void pass_time() { now_ += std::chrono::milliseconds{one_in(20) ? below(4'000'000) : below(2'000)}; }

  limit_balances balances_at(std::size_t at, const principal& who) {
    return balances(shards_[at].book, ledger_, shards_[at].owner, who, now_);
  }

  quota_decision reserve(std::size_t at, const principal& who, std::uint64_t tokens) {
    auto& [owner, book] = shards_[at];
    auto decision = test::reserve(book, ledger_, owner, who, tokens, now_);
    if (const auto* hold = std::get_if<quota_hold>(&decision)) {
      auto& counted = count_of(who);
      counted.held[0] += 1;
      counted.held[1] += tokens;
      running_.push_back({at, hold->id, {who.key_id, day_of(now_)}, tokens, now_ + hold_lifetime});
    }
    return decision;
  }

  /// The answer of the ledger is lost, so the shard never spends what it was granted.
  void lose_an_answer(std::size_t at, const principal& who, std::uint64_t tokens) {
    auto decision = shards_[at].book.reserve(who, tokens, now_);
    if (const auto* shortage = std::get_if<quota_shortage>(&decision)) ledger_.grant(shards_[at].owner, *shortage);
    if (const auto* hold = std::get_if<quota_hold>(&decision)) shards_[at].book.release(hold->id);
  }

  void end_one(bool exceed) {
    if (running_.empty()) return;
    auto at = running_.begin() + static_cast<std::ptrdiff_t>(below(running_.size()));
    auto ended = *at;
    running_.erase(at);
    auto& book = shards_[ended.shard].book;
    auto& counted = counts_[ended.account];
    counted.held[0] -= 1;
    counted.held[1] -= ended.tokens;
    if (one_in(3)) return book.release(ended.id);
    auto tokens = exceed && one_in(3) ? ended.tokens + below(3000) : below(ended.tokens + 1);
    book.absorb(ledger_.grant(shards_[ended.shard].owner, book.settle(ended.id, tokens)));
    counted.used[0] += 1;
    counted.used[1] += std::min(tokens, ended.tokens);
    auto taken = counted.used[1] + counted.held[1];
    auto room = counted.limit[1] - std::min(counted.limit[1], taken);
    surplus_ += tokens - std::min(tokens, ended.tokens);
    if (shards_.size() == 1) counted.used[1] += std::min(tokens - std::min(tokens, ended.tokens), room);
  }

  /// Holds that are as old as they may get, oldest first, as a shard sees it.
  void expire() {
    while (!running_.empty() && running_.front().deadline <= now_) charge(0);
  }

  void give_back(std::size_t at) { ledger_.give_back(shards_[at].owner, shards_[at].book.take_unspent()); }

  /// Ends a shard, and starts it again; its holds are lost. Those count as used: they may have been.
  void restart(std::size_t at, bool clean) {
    if (clean) give_back(at);
    for (auto i = running_.size(); i-- > 0;)
      if (running_[i].shard == at) {
        orphans_.push_back(running_[i]);
        charge(i);
      }
    shards_[at].book = new_book();
  }

  /// Somebody who was not told that its shard has been restarted.
  void end_an_orphan() {
    if (orphans_.empty()) return;
    auto& orphan = orphans_[below(orphans_.size())];
    CHECK(shards_[orphan.shard].book.settle(orphan.id, below(5000)).empty());
    shards_[orphan.shard].book.release(orphan.id);
  }

  void release_all() {
    while (!running_.empty()) {
      auto ended = running_.back();
      running_.pop_back();
      counts_[ended.account].held[0] -= 1;
      counts_[ended.account].held[1] -= ended.tokens;
      shards_[ended.shard].book.release(ended.id);
    }
    for (std::size_t at = 0; at < shards_.size(); ++at) {
      balances_at(at, keys_.front()); // Lets go of what has expired.
      CHECK(shards_[at].book.holds() == 0);
      give_back(at);
    }
  }

  template <class Visit>
  void for_each_count(Visit visit) const {
    for (const auto& [account, counted] : counts_)
      for (std::size_t kind = 0; kind < limit_kinds; ++kind)
        visit(counted, kind, ledger_.granted({account.first, static_cast<limit_kind>(kind), account.second}));
  }

  principal& any_key() { return keys_[below(keys_.size())]; }
  std::vector<principal>& keys() { return keys_; }
  std::size_t any_shard() { return below(shards_.size()); }
  std::uint64_t surplus() const { return surplus_; }

 private:
  quota_book new_book() { return quota_book{++epoch_, hold_lifetime}; }

  void charge(std::size_t index) {
    auto& charged = running_[index];
    auto& counted = counts_[charged.account];
    counted.held[0] -= 1;
    counted.held[1] -= charged.tokens;
    counted.used[0] += 1;
    counted.used[1] += charged.tokens;
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  std::mt19937_64 random_;
  timestamp now_ = start;
  std::uint32_t epoch_ = 0;
  naive_ledger ledger_;
  std::vector<shard_of_world> shards_;
  std::vector<principal> keys_;
  std::map<std::pair<std::string, std::chrono::sys_days>, count> counts_;
  std::deque<running> running_;
  std::vector<running> orphans_;
  std::uint64_t surplus_ = 0;
};

} // namespace gateway::test

#pragma once

#include "domain/quota/quota_book.hpp"
#include "tests/domain/quota/naive_ledger.hpp"
#include "tests/domain/quota/simple_count.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::test {

inline constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + std::chrono::hours{20};
inline constexpr std::chrono::minutes hold_lifetime{10};

/// Random callers, crashes, clean restarts, failing asks, clocks and operators over some shards that share a ledger,
/// each step counted by `count` besides.
class world {
 public:
  world(std::uint64_t seed, std::size_t shards) : random_(seed) {
    for (std::size_t i = 0; i < shards; ++i) {
      shards_.push_back({&ledger_, "shard " + std::to_string(i), new_book()});
    }
    for (int i = 0; i < 4; ++i) keys_.push_back(make_principal("key " + std::to_string(i), 0, 0));
    keys_[3] = changed(keys_[3], [](principal& next) { next.tenant_id = "solo"; });
    for (std::size_t i = 0; i < keys_.size(); ++i) change_limits(i);
  }

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  quota_amount any_amount(std::size_t tokens) { return {below(tokens), below(tokens)}; }

  /// Of a key, and of its tenant.
  void change_limits(std::size_t key) {
    keys_[key] = changed(keys_[key], [&](principal& next) {
      next.quota = {one_in(6) ? no_limit : 1 + below(40), one_in(6) ? no_limit : 1 + below(4000)};
      next.limits = any_limits(1);
      next.time_zone = any_zone();
    });
    if (key == 3) return;
    auto tenant = std::make_shared<tenant_limits>();
    if (one_in(2)) tenant->daily_requests = 1 + below(60);
    if (one_in(2)) tenant->daily_tokens = 1 + below(8000);
    tenant->limits = any_limits(2);
    tenant->time_zone = any_zone();
    tenant_limits_ptr shared = one_in(5) ? nullptr : std::move(tenant);
    for (std::size_t each = 0; each < 3; ++each)
      keys_[each] = changed(keys_[each], [&](principal& next) { next.tenant = shared; });
  }

  /// Sometimes much; and sometimes an operator sets the clock.
  void pass_time() {
    const std::chrono::milliseconds span{one_in(20) ? below(4'000'000) : below(2'000)};
    now_ += span;
    steady_ += span;
    if (one_in(50)) now_ -= std::chrono::milliseconds{one_in(4) ? below(200'000'000) : below(200'000)};
    if (one_in(50)) now_ += std::chrono::milliseconds{below(200'000)};
    for (std::size_t at = 0; at < shards_.size(); ++at) observe(at);
  }

  const principal_ptr& any_key() { return keys_[below(keys_.size())]; }
  std::size_t any_key_number() { return below(keys_.size()); }
  const std::vector<principal_ptr>& keys() const { return keys_; }
  std::size_t any_shard() { return below(shards_.size()); }

  limit_balances balances_at(std::size_t at, const principal_ptr& who) { return shards_[at].balances(who, moment()); }
  timestamp steady() const { return steady_; }
  timestamp now() const { return now_; }

  bool would_fit(std::size_t at, const principal_ptr& who, const quota_amount& wanted) {
    return count.fits(at, count.parts_of(*who, now_), amounts_of(1, wanted), steady_);
  }
  bool would_grow(const counted_hold& held, const quota_amount& more) {
    return count.fits(held.shard, held.parts, amounts_of(0, more), steady_);
  }

  quota_decision reserve(std::size_t at, const principal_ptr& who, const quota_amount& wanted) {
    auto decision = shards_[at].reserve(who, wanted, moment());
    auto parts = count.parts_of(*who, now_);
    if (const auto* hold = std::get_if<quota_hold>(&decision))
      count.hold(at, hold->id, std::move(parts), wanted, steady_, steady_ + hold_lifetime);
    return decision;
  }

  bool extend(counted_hold& held, const quota_amount& more) {
    auto decision = shards_[held.shard].extend(held.id, more, moment());
    REQUIRE(decision.has_value());
    const bool grew = std::holds_alternative<quota_hold>(*decision);
    if (grew) count.extend(held, more, steady_);
    return grew;
  }

  counted_hold* any_hold() { return count.running.empty() ? nullptr : &count.running[below(count.running.size())]; }

  void end_one(bool exceed) {
    if (count.running.empty()) return;
    const auto at = count.running.begin() + static_cast<std::ptrdiff_t>(below(count.running.size()));
    const auto ended = std::move(*at);
    count.running.erase(at);
    if (one_in(3)) {
      shards_[ended.shard].book.release(ended.id);
      return count.release(ended);
    }
    quota_amount used{below(ended.amount.tokens + 1), below(ended.amount.cost + 1)};
    if (exceed && one_in(3)) used = {ended.amount.tokens + below(3000), below(4000)};
    shards_[ended.shard].settle(ended.id, used, moment());
    count.settle(ended, used, steady_, shards_.size() == 1);
  }

  /// The answer of the ledger is lost, so the shard never spends what it was granted.
  void lose_an_answer(std::size_t at, const principal_ptr& who, const quota_amount& wanted) {
    auto decision = shards_[at].book.reserve(who, wanted, moment());
    count.parts_of(*who, now_);
    if (const auto* shortage = std::get_if<quota_shortage>(&decision)) ledger_.grant(shards_[at].owner, *shortage);
    const auto* hold = std::get_if<quota_hold>(&decision);
    if (hold != nullptr) shards_[at].book.release(hold->id);
  }

  void give_back(std::size_t at) { shards_[at].give_back(); }
  void give_idle_back(std::size_t at) { shards_[at].give_idle_back(moment()); }

  /// Ends a shard, and starts it again; its holds are lost. Those count as used: they may have been.
  void restart(std::size_t at, bool clean) {
    if (clean) give_back(at);
    for (auto i = count.running.size(); i-- > 0;)
      if (count.running[i].shard == at) {
        orphans_.push_back(count.running[i]);
        charge(i);
      }
    shards_[at].book = new_book();
    count.forget(at);
    observe(at);
  }

  /// Somebody who was not told that its shard has been restarted.
  void end_an_orphan() {
    if (orphans_.empty()) return;
    auto& orphan = orphans_[below(orphans_.size())];
    auto& book = shards_[orphan.shard].book;
    CHECK_FALSE(book.extend(orphan.id, {1, 1}, moment()).has_value());
    CHECK(book.settle(orphan.id, {below(5000), 0}, moment()).empty());
    book.release(orphan.id);
  }

  void release_all() {
    while (!count.running.empty()) {
      const auto ended = std::move(count.running.back());
      count.running.pop_back();
      count.release(ended);
      shards_[ended.shard].book.release(ended.id);
    }
    for (auto& each : shards_) {
      CHECK(each.book.holds() == 0);
      each.give_back();
      CHECK(each.book.take_unspent().empty());
    }
  }

  std::uint64_t granted(const counter_id& id) const {
    const auto& [account, kind, day] = id;
    return ledger_.granted({account.first, account.second, static_cast<limit_kind>(kind), day, {}, {}});
  }

  simple_count count;

 private:
  quota_moment moment() const { return {now_, steady_}; }
  quota_book new_book() { return quota_book{++epoch_, hold_lifetime}; }

  std::string any_zone() {
    constexpr std::array zones{"UTC", "UTC", "America/New_York", "Asia/Kathmandu"};
    return zones[below(zones.size())];
  }

  rate_limits any_limits(std::size_t factor) {
    rate_limits limits;
    if (one_in(4)) limits.requests_per_minute = 1 + below(20 * factor);
    if (one_in(4)) limits.tokens_per_minute = 1 + below(4000 * factor);
    if (one_in(4)) limits.concurrent_requests = 1 + below(6 * factor);
    if (one_in(4)) limits.budget_per_day = 1 + below(5000 * factor);
    if (one_in(4)) limits.budget_per_month = 1 + below(10'000 * factor);
    return limits;
  }

  // Lets a shard see what time it is, and its oldest holds go.
  void observe(std::size_t at) {
    CHECK_FALSE(shards_[at].book.extend(0, {}, moment()).has_value());
    for (auto i = count.running.size(); i-- > 0;)
      if (count.running[i].shard == at && count.running[i].deadline <= steady_) charge(i);
  }

  void charge(std::size_t index) {
    const auto charged = std::move(count.running[index]);
    count.running.erase(count.running.begin() + static_cast<std::ptrdiff_t>(index));
    count.settle(charged, charged.amount, steady_, false);
  }

  std::mt19937_64 random_;
  timestamp now_ = start;
  timestamp steady_ = start;
  std::uint32_t epoch_ = 0;
  naive_ledger ledger_;
  std::vector<shard> shards_;
  std::vector<principal_ptr> keys_;
  std::vector<counted_hold> orphans_;
};

} // namespace gateway::test

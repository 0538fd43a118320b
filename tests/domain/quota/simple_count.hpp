#pragma once

#include "domain/calendar.hpp"
#include "domain/quota/quota_book.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace gateway::test {

constexpr auto tokens_by_minute = static_cast<std::size_t>(limit_kind::tokens_per_minute);
constexpr auto requests_by_minute = static_cast<std::size_t>(limit_kind::requests_per_minute);
constexpr auto concurrent = static_cast<std::size_t>(limit_kind::concurrent_requests);

inline std::uint64_t or_zero(std::uint64_t minuend, std::uint64_t subtrahend) {
  return minuend - std::min(minuend, subtrahend);
}

/// A leased limit in one day or month.
struct counter {
  std::uint64_t used = 0;
  std::uint64_t held = 0;
  std::uint64_t highest = 0; ///< Ever.
};

struct taken {
  timestamp at;
  std::uint64_t amount;
};

/// What only one shard counts of a key or tenant.
struct local_count {
  std::array<std::deque<taken>, limit_kinds> minute; ///< For ever, so that an index stays what it is.
  std::uint64_t running = 0;

  std::uint64_t in_minute(std::size_t kind, timestamp now) const {
    std::uint64_t sum = 0;
    for (const auto& each : minute[kind])
      if (second_of(each.at) > second_of(now) - 61) sum += each.amount;
    return sum;
  }
  /// In the sixty seconds that end now.
  std::uint64_t in_sixty_seconds(std::size_t kind, timestamp now) const {
    std::uint64_t sum = 0;
    for (const auto& each : minute[kind])
      if (each.at > now - std::chrono::seconds{60}) sum += each.amount;
    return sum;
  }
};

using name_of_account = std::pair<limit_scope, std::string>;
using counter_id = std::tuple<name_of_account, std::size_t, std::chrono::sys_days>;

/// The part of an account in a hold of `simple_count`.
struct counted_part {
  name_of_account account;
  limit_amounts limits; ///< When it was taken.
  std::array<std::chrono::sys_days, leased_kinds> days;
  std::size_t first = 0; ///< Its request in the minute,
  std::size_t last = 0;  ///< and its last tokens.
};

struct counted_hold {
  std::size_t shard;
  hold_id id;
  std::vector<counted_part> parts;
  quota_amount amount;
  std::uint64_t last_tokens;
  timestamp deadline; ///< In the shard's steady time.
};

inline limit_amounts limits_of(const principal& who, limit_scope scope) {
  const auto& rest = scope == limit_scope::key ? who.limits : who.tenant->limits;
  const auto or_none = [](auto limit) { return limit.value_or(no_limit); };
  return {scope == limit_scope::key ? who.quota.requests : or_none(who.tenant->daily_requests),
          scope == limit_scope::key ? who.quota.tokens : or_none(who.tenant->daily_tokens),
          or_none(rest.budget_per_day),
          or_none(rest.budget_per_month),
          or_none(rest.requests_per_minute),
          or_none(rest.tokens_per_minute),
          or_none(rest.concurrent_requests)};
}

/// What shards should say, from counting every request and nothing else: no leases, no windows, no tables.
class simple_count {
 public:
  /// Who has a part in a request at `now`, with limits as they are now.
  std::vector<counted_part> parts_of(const principal& who, timestamp now) {
    std::vector<counted_part> parts{part_of(who, limit_scope::key, who.key_id, who.time_zone, now)};
    if (who.tenant) parts.push_back(part_of(who, limit_scope::tenant, who.tenant_id, who.tenant->time_zone, now));
    return parts;
  }

  bool fits(std::size_t shard, const std::vector<counted_part>& parts, const limit_amounts& needs, timestamp steady) {
    return std::all_of(parts.begin(), parts.end(), [&](const counted_part& part) {
      for (std::size_t kind = 0; kind < limit_kinds; ++kind) {
        if (part.limits[kind] == no_limit) continue;
        const auto requests = kind == 0 || kind >= leased_kinds;
        if (needs[kind] == 0 && requests) continue;
        if (taken_of(shard, part, kind, steady) + needs[kind] > limits_[part.account][kind]) return false;
      }
      return true;
    });
  }

  std::uint64_t taken_of(std::size_t shard, const counted_part& part, std::size_t kind, timestamp steady) {
    const auto& local = locals_[{shard, part.account}];
    if (kind == concurrent) return local.running;
    if (kind >= leased_kinds) return local.in_minute(kind, steady);
    const auto& counted = counter_of(part, kind);
    return counted.used + counted.held;
  }

  void hold(std::size_t shard, hold_id id, std::vector<counted_part> parts, const quota_amount& amount,
            timestamp steady, timestamp deadline) {
    for (auto& part : parts) {
      ++locals_[{shard, part.account}].running;
      part.first = take(shard, part, requests_by_minute, 1, steady);
      add_held(shard, part, amounts_of(1, amount), steady);
    }
    running.push_back({shard, id, std::move(parts), amount, amount.tokens, deadline});
  }

  void extend(counted_hold& held, const quota_amount& more, timestamp steady) {
    for (auto& part : held.parts) add_held(held.shard, part, amounts_of(0, more), steady);
    held.amount.tokens += more.tokens;
    held.amount.cost += more.cost;
    held.last_tokens = more.tokens;
  }

  /// With `surplus` what is more than was held is charged as far as the limits allow, else not at all.
  void settle(const counted_hold& held, const quota_amount& used, timestamp steady, bool surplus) {
    const auto amounts = amounts_of(1, held.amount);
    const auto spent = amounts_of(1, used);
    for (const auto& part : held.parts) {
      auto& local = locals_[{held.shard, part.account}];
      --local.running;
      for (std::size_t kind = 0; kind < leased_kinds; ++kind) {
        if (part.limits[kind] == no_limit) continue;
        auto& counted = counter_of(part, kind);
        counted.held -= amounts[kind];
        counted.used += std::min(amounts[kind], spent[kind]);
        if (!surplus) continue;
        counted.used += std::min(or_zero(spent[kind], amounts[kind]),
                                 or_zero(limits_[part.account][kind], counted.used + counted.held));
      }
      if (part.limits[tokens_by_minute] == no_limit) continue;
      auto& last = local.minute[tokens_by_minute][part.last].amount;
      last -= std::min({last, held.last_tokens, or_zero(held.amount.tokens, used.tokens)});
      const auto room = or_zero(limits_[part.account][tokens_by_minute], local.in_minute(tokens_by_minute, steady));
      take(held.shard, part, tokens_by_minute, std::min(room, or_zero(used.tokens, held.amount.tokens)), steady);
    }
  }

  void release(const counted_hold& held) {
    const auto amounts = amounts_of(1, held.amount);
    for (const auto& part : held.parts) {
      auto& local = locals_[{held.shard, part.account}];
      --local.running;
      for (std::size_t kind = 0; kind < leased_kinds; ++kind)
        if (part.limits[kind] != no_limit) counter_of(part, kind).held -= amounts[kind];
      if (part.limits[requests_by_minute] != no_limit) local.minute[requests_by_minute][part.first].amount -= 1;
      if (part.limits[tokens_by_minute] != no_limit)
        local.minute[tokens_by_minute][part.last].amount -= held.last_tokens;
    }
  }

  /// What a shard alone knew is gone.
  void forget(std::size_t shard) {
    std::erase_if(locals_, [shard](const auto& each) { return each.first.first == shard; });
  }

  const std::map<counter_id, counter>& counters() const { return counters_; }
  const std::map<std::pair<std::size_t, name_of_account>, local_count>& locals() const { return locals_; }
  const limit_amounts& limits(const name_of_account& account) { return limits_[account]; }
  counter& counter_of(const counted_part& part, std::size_t kind) {
    return counters_[{part.account, kind, part.days[kind]}];
  }

  std::deque<counted_hold> running; ///< The oldest first.

 private:
  counted_part part_of(const principal& who, limit_scope scope, const std::string& name, const std::string& zone,
                       timestamp now) {
    const auto day = day_window(zone, now).day;
    counted_part part{{scope, name}, limits_of(who, scope), {day, day, day, month_window(zone, now).day}};
    limits_[part.account] = part.limits;
    for (std::size_t kind = 0; kind < leased_kinds; ++kind) counter_of(part, kind);
    for (auto& [id, counted] : counters_)
      if (std::get<0>(id) == part.account) counted.highest = std::max(counted.highest, part.limits[std::get<1>(id)]);
    return part;
  }

  std::size_t take(std::size_t shard, const counted_part& part, std::size_t kind, std::uint64_t amount, timestamp at) {
    if (part.limits[kind] == no_limit) return 0;
    auto& log = locals_[{shard, part.account}].minute[kind];
    log.push_back({at, amount});
    return log.size() - 1;
  }

  void add_held(std::size_t shard, counted_part& part, const limit_amounts& needs, timestamp steady) {
    for (std::size_t kind = 0; kind < leased_kinds; ++kind)
      if (part.limits[kind] != no_limit) counter_of(part, kind).held += needs[kind];
    part.last = take(shard, part, tokens_by_minute, needs[tokens_by_minute], steady);
  }

  std::map<counter_id, counter> counters_;
  std::map<std::pair<std::size_t, name_of_account>, local_count> locals_;
  std::map<name_of_account, limit_amounts> limits_; ///< As last seen.
};

} // namespace gateway::test

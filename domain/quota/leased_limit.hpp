#pragma once

#include "domain/quota/lease.hpp"
#include "domain/time.hpp"

#include <cstdint>

namespace gateway {

/// The arithmetic of one limit that is spent from leases of a ledger.
///
/// At every instant used + held <= leased. The ledger sees to it that prior + leased <= limit, where `prior` is what it
/// granted to others and to earlier lives of this shard: unspent or not, it counts as used here.
class leased_limit {
 public:
  enum class verdict : std::uint8_t { fits, short_of_lease, refused };

  /// The operator's word of today: a lower limit counts at once, a higher one lets new leases be asked for.
  void set_limit(std::uint64_t limit) { limit_ = limit; }

  /// Whether `need` more can be held. `refused` may rest on what the ledger said up to a second ago; when others
  /// could have given something back since then, the verdict is `short_of_lease`, once a second.
  verdict check(std::uint64_t need, timestamp now) const;
  /// What to ask the ledger for when short: a slice that lasts some seconds at the present rate, at most an eighth of
  /// what is left, at least what is missing. Asked once, `check` decides at the same `now` what the answer allows.
  std::uint64_t wish(std::uint64_t need, timestamp now);
  /// Where nothing is short and the ledger is asked for its word alone: `check` then decides as after `wish`.
  void ask_again(timestamp now) { asked_at_ = now; }
  /// Takes over an answer of the ledger. `granted_in_all` is what everybody has, this grant included.
  void absorb(std::uint64_t granted, std::uint64_t granted_in_all);

  /// Requires a verdict of `fits`.
  void hold(std::uint64_t amount) { held_ += amount; }
  void release(std::uint64_t amount);
  /// Turns `held` into `spent`. A surplus is charged as far as the limit allows, and no further; what the lease does
  /// not cover is owed until it does. Returns how much more is owed now: the ledger should be asked for it.
  std::uint64_t settle(std::uint64_t held, std::uint64_t spent);

  /// Gives up the part of the lease that is neither used nor held.
  std::uint64_t take_unspent();

  /// Whether the ledger has told how much is granted.
  bool is_loaded() const { return loaded_; }
  std::uint64_t limit() const { return limit_; }
  /// By everybody, as far as known; what is owed is included.
  std::uint64_t used() const { return prior_ + used_ + owed_; }
  std::uint64_t held() const { return held_; }
  /// To this shard, spent or not.
  std::uint64_t leased() const { return leased_; }
  /// Used, and not covered by the lease yet.
  std::uint64_t owed() const { return owed_; }
  std::uint64_t remaining() const { return used() + held_ < limit_ ? limit_ - used() - held_ : 0; }

 private:
  std::uint64_t mine() const { return used_ + held_ + owed_; }
  void pay();

  std::uint64_t limit_ = 0;
  std::uint64_t prior_ = 0;
  std::uint64_t leased_ = 0;
  std::uint64_t used_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t owed_ = 0;
  std::uint64_t slice_ = 0;
  timestamp asked_at_{};
  bool loaded_ = false;
};

} // namespace gateway

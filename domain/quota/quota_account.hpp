#pragma once

#include "domain/calendar.hpp"
#include "domain/principal.hpp"
#include "domain/quota/leased_limit.hpp"
#include "domain/quota/minute_window.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/quota/quota_moment.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// One number for each `limit_kind`.
using limit_amounts = std::array<std::uint64_t, limit_kinds>;
inline constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

/// Some of the kinds of limits.
class kind_set {
 public:
  void insert(std::size_t kind) { bits_ |= 1U << kind; }
  bool contains(std::size_t kind) const { return (bits_ >> kind & 1U) != 0; }
  bool contains(limit_kind kind) const { return contains(static_cast<std::size_t>(kind)); }
  bool has_daily() const { return (bits_ & leased_bits & ~month_bits) != 0; }
  bool has_monthly() const { return (bits_ & month_bits) != 0; }
  bool has_leased() const { return (bits_ & leased_bits) != 0; }

  template <class Visit>
  void for_each_leased(Visit visit) const {
    for (auto rest = bits_ & leased_bits; rest != 0; rest &= rest - 1)
      visit(static_cast<std::size_t>(std::countr_zero(rest)));
  }

 private:
  static constexpr unsigned leased_bits = (1U << leased_kinds) - 1;
  static constexpr unsigned month_bits = 1U << static_cast<unsigned>(limit_kind::budget_per_month);
  unsigned bits_ = 0;
};

/// A day or a month of an account, and where its limits stand in it.
struct quota_period {
  bool is_month = false;
  std::uint32_t holds = 0; ///< It is not forgotten while it has some.
  calendar_window when;
  timestamp used_at{};                           ///< On the steady clock.
  std::array<leased_limit, leased_kinds> limits; ///< By kind; those of the other length are not used.
};

constexpr bool is_of_month(std::size_t kind) { return kind == static_cast<std::size_t>(limit_kind::budget_per_month); }

/// Where a key, or a tenant, stands on all of its limits.
class quota_account {
 public:
  quota_account(limit_scope scope, std::string name) : scope_(scope), name_(std::move(name)) {}

  /// Takes the limits over that the operator has set; of a source that is known already nothing is read.
  void follow(const principal_ptr& key);
  void follow(const tenant_limits_ptr& tenant);
  /// Makes the day and the month of `now` the present ones.
  void enter(const quota_moment& now);

  limit_scope scope() const { return scope_; }
  const std::string& name() const { return name_; }
  kind_set kinds() const { return kinds_; }
  std::uint64_t limit(limit_kind kind) const { return limits_[static_cast<std::size_t>(kind)]; }
  /// Null where no limit needs them.
  quota_period* day() const { return day_; }
  quota_period* month() const { return month_; }
  minute_windows* minutes() const { return minutes_.get(); }
  std::uint64_t running() const { return running_; } ///< Holds.
  void add_hold() { ++running_; }
  void end_hold() { --running_; }

  /// The period of a ledger's entry; null when it was forgotten.
  quota_period* find(std::size_t kind, std::chrono::sys_days day) const;
  /// What is leased and neither used nor held.
  void take_unspent(std::vector<lease_return>& into);
  /// That of periods that nobody uses now. Those of them that are over, and all settled, are forgotten.
  void take_idle(const quota_moment& now, std::vector<lease_return>& into);
  bool has_leases() const;
  /// Whether it knows nothing that would be missed.
  bool is_empty() const { return periods_.empty() && running_ == 0 && (!minutes_ || minutes_->is_empty()); }

  ledger_entry entry_of(const quota_period& period, std::size_t kind) const;

 private:
  void set_limits(const limit_amounts& limits, const std::string& zone);
  quota_period* period_at(const quota_moment& now, bool is_month);
  void show_limits(quota_period& period) const;
  void take_unspent(quota_period& period, std::vector<lease_return>& into);

  limit_scope scope_;
  std::string name_;
  std::shared_ptr<const void> source_; ///< Of the limits; kept, so that no other can be mistaken for it.
  kind_set kinds_;
  limit_amounts limits_{};
  std::string zone_;
  quota_period* day_ = nullptr;
  quota_period* month_ = nullptr;
  std::uint64_t running_ = 0;
  std::unique_ptr<minute_windows> minutes_; ///< Only where a limit needs them.
  std::vector<std::unique_ptr<quota_period>> periods_;
};

} // namespace gateway

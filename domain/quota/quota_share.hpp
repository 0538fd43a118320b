#pragma once

#include "domain/quota/quota_account.hpp"
#include "domain/quota/quota_moment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gateway {

/// What one request takes from each limit: its tokens and its cost from several.
limit_amounts amounts_of(std::uint64_t requests, const quota_amount& what);

/// The part of one account in a request: the periods and the limits that count it, until it ends.
struct quota_share {
  quota_account* account = nullptr; ///< Null: there is none, since the tenant has no limits of its own.
  quota_period* day = nullptr;
  quota_period* month = nullptr;
  kind_set kinds;
  steady_second first = 0; ///< In which its request was taken from the minute,
  steady_second last = 0;  ///< and in which its last tokens were.

  /// The account's, at `now`.
  static quota_share of(quota_account& account, const quota_moment& now);

  quota_period& period(std::size_t kind) const { return is_of_month(kind) ? *month : *day; }
  leased_limit& leased(std::size_t kind) const { return period(kind).limits[kind]; }

  /// What a leased limit says. Where nothing is asked, as of requests by what only extends one, all fits.
  leased_limit::verdict check(std::size_t kind, const limit_amounts& needs, timestamp steady) const;
  /// The verdict of all of them together: the worst.
  leased_limit::verdict check_leased(const limit_amounts& needs, timestamp steady) const;
  /// Whether it fits into a limit that is not leased; one that does not count this share has room, and so has any for
  /// nothing.
  bool fits(limit_kind kind, std::uint64_t need) const;
  bool fits_locally(const limit_amounts& needs) const;
  /// Requires that all fit. The request itself is taken where `needs` has one.
  void hold(const limit_amounts& needs, timestamp steady);
  /// Turns what was held, of which `last_tokens` were taken last, into what was used. Returns what is newly owed to the
  /// ledger, by kind.
  std::array<std::uint64_t, leased_kinds> settle(const limit_amounts& held, const limit_amounts& used,
                                                 std::uint64_t last_tokens);
  void release(const limit_amounts& held, std::uint64_t last_tokens);

  std::uint64_t remaining(limit_kind kind) const;
  lease_wish wish(std::size_t kind, std::uint64_t wanted) const;

 private:
  void end() const;
};

} // namespace gateway

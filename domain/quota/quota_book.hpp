#pragma once

#include "domain/principal.hpp"
#include "domain/quota/hold_table.hpp"
#include "domain/quota/quota_account.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/quota/quota_moment.hpp"
#include "domain/quota/quota_shares.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace gateway {

/// The accounts and holds of one shard: says whether a request may run, spending from leases of the ledger.
/// Settled + held never exceeds a limit, over all books that share a ledger; the limits of a minute and of concurrency
/// are those of one book.
class quota_book {
 public:
  /// `epoch` tells the holds of this life from those of earlier ones. A hold older than `hold_lifetime` was
  /// forgotten by its owner: it is charged whole, since it may have been used upstream.
  quota_book(std::uint32_t epoch, std::chrono::milliseconds hold_lifetime);

  /// Takes one request and so much besides from every limit of the key and of its tenant, or nothing. Of several limits
  /// that are known to refuse, that one is named which refuses longest. After a shortage: ask the ledger, `absorb` its
  /// answer, and call again with the same arguments; unless others spent in between, that decides.
  quota_decision reserve(const principal_ptr& who, const quota_amount& wanted, const quota_moment& now);
  /// Adds so much to a hold, in the day and month that it was taken in and the minute of `now`, or nothing. No decision
  /// when there is no such hold any more.
  std::optional<quota_decision> extend(hold_id id, const quota_amount& more, const quota_moment& now);
  /// Turns a hold into one request and what was really used, in the day and the month it was taken in. More than was
  /// held is charged as far as each limit allows. What the lease did not cover is returned, to be asked for and
  /// absorbed.
  quota_shortage settle(hold_id id, const quota_amount& used, const quota_moment& now);
  /// Gives a hold back whole; of one that was extended, the minute gets back what was taken last. Here and in `settle`
  /// an unknown id does nothing: it expired, or is of an earlier life.
  void release(hold_id id);

  /// Takes over an answer of the ledger. A lease of what was forgotten meanwhile is among the next that go back.
  void absorb(const std::vector<lease>& leases);
  /// A message to the ledger that went out then, in steady time, was answered: for `lease_lifetime` from then on leases
  /// may be spent. Past that, the ledger must be asked again, if only for nothing. Before the first one they are good
  /// for ever.
  void ledger_answered(timestamp asked_at) { good_from_ = asked_at; }
  /// Whether anything is leased.
  bool has_leases() const;
  /// Gives up what is leased but neither used nor held, of every account.
  std::vector<lease_return> take_unspent();
  /// That of days and months that nobody has used for half a minute. Those that are over are forgotten then, and so are
  /// accounts with nothing left in them. Call it now and then.
  std::vector<lease_return> take_idle(const quota_moment& now);

  /// Where a key and its tenant stand; a shortage when the ledger was not asked yet. What a limit of a minute counts is
  /// all shown as used.
  std::variant<limit_balances, quota_shortage> balances(const principal_ptr& who, const quota_moment& now);

  std::size_t accounts() const { return keys_.size() + tenants_.size(); }
  std::size_t holds() const { return holds_.size(); }

 private:
  using account_map = std::unordered_map<std::string, quota_account>;

  quota_shares shares_of(const principal_ptr& who, const quota_moment& now);
  bool may_spend(timestamp steady) const { return !good_from_ || steady - *good_from_ < lease_lifetime; }
  void expire(timestamp steady);

  std::chrono::milliseconds hold_lifetime_;
  hold_table holds_;
  account_map keys_; ///< Elements do not move.
  account_map tenants_;
  std::optional<timestamp> good_from_;
  std::vector<lease_return> strays_; ///< Leases of forgotten periods.
};

} // namespace gateway

#pragma once

#include "domain/principal.hpp"
#include "domain/quota/hold_table.hpp"
#include "domain/quota/quota_account.hpp"
#include "domain/quota/quota_decision.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace gateway {

/// The accounts and holds of one shard: says whether a request may run, spending from leases of the ledger.
/// Settled + held never exceeds a limit, over all books that share a ledger.
class quota_book {
 public:
  /// `epoch` tells the holds of this life from those of earlier ones. A hold older than `hold_lifetime` was
  /// forgotten by its owner: it is charged whole, since it may have been used upstream.
  quota_book(std::uint32_t epoch, std::chrono::milliseconds hold_lifetime);

  /// Takes one request and `tokens`, or nothing. After a shortage: ask the ledger, `absorb` its answer, and call again
  /// with the same arguments; unless others spent in between, that decides.
  quota_decision reserve(const principal& who, const quota_amount& wanted, timestamp now);
  /// Turns a hold into one request and the tokens really used, in the day it was taken. More tokens than were held are
  /// charged as far as the limit allows. What the lease did not cover is returned, to be asked for and absorbed.
  quota_shortage settle(hold_id id, const quota_amount& used);
  /// Gives a hold back whole. Here and in `settle` an unknown id does nothing: it expired, or is of an earlier life.
  void release(hold_id id);

  /// Takes over an answer of the ledger. Leases of forgotten accounts are forfeited.
  void absorb(const std::vector<lease>& leases);
  /// Gives up what is leased but neither used nor held, of every account.
  std::vector<lease_return> take_unspent();

  /// Where a key stands; a shortage when the ledger was not asked yet.
  std::variant<limit_balances, quota_shortage> balances(const principal& who, timestamp now);

  /// Kept until the end of the day after theirs.
  std::size_t accounts() const { return accounts_.size(); }
  std::size_t holds() const { return holds_.size(); }

 private:
  quota_account& account_of(const principal& who, timestamp now);
  void forget_before(std::chrono::sys_days day);
  void expire(timestamp now);

  std::chrono::milliseconds hold_lifetime_;
  hold_table holds_;
  quota_accounts accounts_;
  std::chrono::sys_days today_{};
};

} // namespace gateway

#pragma once

#include "domain/money.hpp"
#include "domain/quota/lease.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace gateway {

/// Names a hold. Unique over restarts of a shard, since it starts from a random epoch; 0 is no hold.
using hold_id = std::uint64_t;

/// What a request takes besides itself.
struct quota_amount {
  std::uint64_t tokens = 0;
  micro_dollars cost = 0;
  friend bool operator==(const quota_amount&, const quota_amount&) = default;
};

/// Where somebody stands on one limit.
struct limit_balance {
  limit_scope scope = limit_scope::key;
  limit_kind kind = limit_kind::daily_requests;
  std::uint64_t limit = 0;
  std::uint64_t used = 0; ///< Settled, here and by whoever else spends from the same limit.
  std::uint64_t held = 0; ///< By requests that run now.
  timestamp resets_at{};  ///< When all of it is there again; for concurrency, now.

  std::uint64_t remaining() const { return used >= limit || held >= limit - used ? 0 : limit - used - held; }
};

/// Every limit that applies to a key: its own, then its tenant's.
using limit_balances = std::vector<limit_balance>;

/// Why a reservation was refused: the limit that said no, as it stood, and what was asked of it.
struct quota_refusal {
  limit_balance balance;
  std::uint64_t asked = 0;
  timestamp retry_at{}; ///< When what was asked would fit, if nobody else asks; for concurrency, a second from now.

  /// It asks for more than there ever is.
  bool never_fits() const { return asked > balance.limit; }
};

/// A granted reservation, and what is left after it of the tightest limits: those with the least remaining.
struct quota_hold {
  hold_id id = 0;
  std::optional<limit_balance> requests; ///< Nothing: they are not limited.
  std::optional<limit_balance> tokens;
};

/// The book cannot tell before the ledger has answered these.
using quota_shortage = std::vector<lease_wish>;

using quota_decision = std::variant<quota_hold, quota_refusal, quota_shortage>;

} // namespace gateway

#pragma once

#include "domain/quota/lease.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace gateway {

/// Names a hold. Unique over restarts of a shard, since it starts from a random epoch; 0 is no hold.
using hold_id = std::uint64_t;

/// Where a key stands on one of its limits.
struct limit_balance {
  limit_kind kind = limit_kind::daily_requests;
  std::uint64_t limit = 0;
  std::uint64_t used = 0; ///< Settled, here and by whoever else spends from the same limit.
  std::uint64_t held = 0; ///< By requests that run now.
  timestamp resets_at{};

  std::uint64_t remaining() const { return used >= limit || held >= limit - used ? 0 : limit - used - held; }
};

/// Where a key stands on each limit that applies to it. In place, since every reservation carries one.
class limit_balances {
 public:
  using value_type = limit_balance;

  void push_back(const limit_balance& balance) { balances_[count_++] = balance; }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  const limit_balance& operator[](std::size_t index) const { return balances_[index]; }
  const limit_balance* begin() const { return balances_.data(); }
  const limit_balance* end() const { return balances_.data() + count_; }

 private:
  std::array<limit_balance, limit_kinds> balances_{};
  std::size_t count_ = 0;
};

/// Why a reservation was refused: the limit that said no, as it stood, and what was asked of it.
struct quota_refusal {
  limit_balance balance;
  std::uint64_t asked = 0;
};

/// A granted reservation, and how much is left after it.
struct quota_hold {
  hold_id id = 0;
  limit_balances balances;
};

/// The book cannot tell before the ledger has answered these.
using quota_shortage = std::vector<lease_wish>;

using quota_decision = std::variant<quota_hold, quota_refusal, quota_shortage>;

} // namespace gateway

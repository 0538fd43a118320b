#pragma once

#include "domain/quota/quota_decision.hpp"
#include "domain/quota/quota_moment.hpp"
#include "domain/quota/quota_share.hpp"

#include <array>
#include <optional>
#include <variant>

namespace gateway {

/// Who has a part in a request: its key, and the tenant.
using quota_shares = std::array<quota_share, 2>;

/// What is in the way of taking `needs`: the limit that refuses longest, or a shortage. Nothing when everything fits.
/// Without `may_spend` the ledger must be asked before any lease is spent.
std::optional<quota_decision> obstacle(const quota_shares& parts, const limit_amounts& needs, const quota_moment& now,
                                       bool may_spend);

/// Where everybody stands after a hold was taken.
quota_hold granted(hold_id id, const quota_shares& parts, const quota_moment& now);

/// Every limit that applies; a shortage when the ledger was not asked yet.
std::variant<limit_balances, quota_shortage> balances_of(const quota_shares& parts, const quota_moment& now);

} // namespace gateway

#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Every limit there is. The first `leased_kinds` of them are counted over a calendar day or month and survive a
/// restart: they are spent from leases of the ledger. The others live in a shard's memory.
enum class limit_kind : std::uint8_t {
  daily_requests,
  daily_tokens,
  budget_per_day,   ///< In millionths of a dollar, as all money.
  budget_per_month, ///< The same.
  requests_per_minute,
  tokens_per_minute,
  concurrent_requests,
};
inline constexpr std::size_t leased_kinds = 4;
inline constexpr std::size_t limit_kinds = 7;

/// The name in refusals, in the ledger and in the API: `daily_requests`, `budget_usd_per_day`, ...
std::string_view to_string(limit_kind kind);

/// Whose limit it is.
enum class limit_scope : std::uint8_t { key, tenant };
std::string_view to_string(limit_scope scope);

/// One counter of the ledger: whose, of what, and in which day or month of its time zone.
struct ledger_entry {
  limit_scope scope = limit_scope::key;
  std::string account; ///< The key_id or the tenant_id.
  limit_kind kind = limit_kind::daily_requests;
  std::chrono::sys_days
      day{};          ///< The local date; of a month, its first. With the three above, what tells entries apart.
  timestamp begins{}; ///< When that day or month begins,
  timestamp ends{};   ///< and when it is over.
  friend bool operator==(const ledger_entry&, const ledger_entry&) = default;
};

/// How long an owner may spend what was granted to it, counted from its last message to the ledger.
inline constexpr std::chrono::seconds lease_lifetime{60};

/// A shard asks for a slice of a limit. `wanted` 0 asks only how much has been granted so far.
struct lease_wish {
  ledger_entry entry;
  std::uint64_t wanted = 0;
  std::uint64_t limit = 0; ///< The ledger never lets the grants of an entry exceed it.
};

/// What the ledger granted: written down as spent before the shard hears of it.
struct lease {
  ledger_entry entry;
  std::uint64_t granted = 0;        ///< Now, 0 to `wanted`.
  std::uint64_t granted_in_all = 0; ///< To everybody, this grant included.
};

/// A part of a lease that was not spent and goes back.
struct lease_return {
  ledger_entry entry;
  std::uint64_t unspent = 0;
};

} // namespace gateway

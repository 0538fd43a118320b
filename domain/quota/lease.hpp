#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The limits that are counted over a calendar window and must survive a restart.
enum class limit_kind : std::uint8_t {
  daily_requests,
  daily_tokens,
};
inline constexpr std::size_t limit_kinds = 2;

/// The name in refusals and in the ledger: `daily_requests`, `daily_tokens`.
std::string_view to_string(limit_kind kind);

/// One counter of the ledger: who, what, and in which UTC day.
struct ledger_entry {
  std::string account; ///< The key_id.
  limit_kind kind = limit_kind::daily_requests;
  std::chrono::sys_days day{};
  friend bool operator==(const ledger_entry&, const ledger_entry&) = default;
};

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

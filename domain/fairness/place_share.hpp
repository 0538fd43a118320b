#pragma once

#include <algorithm>
#include <cstddef>

namespace gateway {

/// What is known of a bounded number of places when a tenant wants one more of them.
struct place_share {
  std::size_t most = 0;
  std::size_t taken = 0;
  std::size_t mine = 0;    ///< Of those, the tenant's own.
  std::size_t tenants = 1; ///< That have any, and this one.
};

/// How many places of `most` are kept for tenants that have fewer than so many: an eighth.
constexpr std::size_t kept_places(std::size_t most) { return most / 8; }

/// Whether the tenant may have it. Who has fewer than are `kept` may always, as long as there is one. Up to half of the
/// places are for who comes first; of the rest, less those that are kept, nobody gets beyond an even share of all.
constexpr bool may_take(const place_share& now, std::size_t kept) {
  if (now.taken >= now.most) return false;
  if (now.mine < kept || now.taken < now.most / 2) return true;
  const auto even = (now.most - std::min(kept, now.most)) / std::max<std::size_t>(now.tenants, 1);
  return now.mine < std::max<std::size_t>(even, 1);
}

} // namespace gateway

#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace gateway {

/// How much of `wanted` may be granted when `granted` of `limit` has been. All grants of an entry together stay
/// within a signed number, since that is what a database can add up.
constexpr std::uint64_t grantable(std::uint64_t wanted, std::uint64_t limit, std::uint64_t granted) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  const auto ceiling = std::min(limit, most);
  return granted >= ceiling ? 0 : std::min(wanted, ceiling - granted);
}

} // namespace gateway

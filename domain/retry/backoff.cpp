#include "domain/retry/backoff.hpp"

#include <algorithm>

namespace gateway {

std::chrono::milliseconds backoff(const retry_settings& settings, std::uint32_t failures, std::mt19937_64& random) {
  using delay = std::chrono::milliseconds::rep;
  const auto longest = std::max<delay>(settings.max_delay.count(), 0);
  const auto base = std::max<delay>(settings.base_delay.count(), 0);
  const auto doublings = std::min<std::uint32_t>(std::max<std::uint32_t>(failures, 1) - 1, 62);
  const auto ceiling = base > (longest >> doublings) ? longest : base << doublings;
  return std::chrono::milliseconds{std::uniform_int_distribution<delay>(0, ceiling)(random)};
}

} // namespace gateway

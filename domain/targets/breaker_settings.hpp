#pragma once

#include <chrono>
#include <cstdint>

namespace gateway {

/// When a target's circuit breaker opens, and for how long.
struct breaker_settings {
  std::uint32_t consecutive_failures = 5;   ///< So many in a row open it; 0: they never do.
  double error_rate = 0.5;                  ///< This share of failed calls within `window` opens it; 0: it never does.
  std::uint32_t min_calls = 20;             ///< With fewer calls in the window the share means nothing.
  std::chrono::milliseconds window{30'000}; ///< How far back the share looks.
  std::chrono::milliseconds open_for{10'000}; ///< Until one call may probe whether the target is back.
};

} // namespace gateway

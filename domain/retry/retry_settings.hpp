#pragma once

#include <chrono>
#include <cstdint>

namespace gateway {

/// How failed calls to upstreams are repeated. How often is said by each model (`route::retries`).
struct retry_settings {
  std::chrono::milliseconds base_delay{250};  ///< Of the exponential backoff with full jitter.
  std::chrono::milliseconds max_delay{5'000}; ///< The backoff grows no further.
  std::chrono::milliseconds max_wait{10'000}; ///< An upstream that asks to wait longer is not waited for.
  double budget_ratio = 0.2;                  ///< Repeated calls, as a share of first ones, over all requests.
  double budget_min_per_second = 10;          ///< So many are allowed whatever the share, in the whole process.
};

} // namespace gateway

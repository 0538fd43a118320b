#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace gateway::bench {

/// Every duration that was measured, so that percentiles are exact.
class samples {
 public:
  void add(std::chrono::nanoseconds one) { all_.push_back(one); }

  /// `count`, `p50`, `p90`, `p99`, `p99_9`, `max` in microseconds; only `count` when there are none.
  nlohmann::json as_json();

 private:
  std::vector<std::chrono::nanoseconds> all_;
};

} // namespace gateway::bench

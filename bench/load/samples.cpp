#include "bench/load/samples.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gateway::bench {

nlohmann::json samples::as_json() {
  nlohmann::json out;
  out["count"] = all_.size();
  if (all_.empty()) return out;
  std::sort(all_.begin(), all_.end());
  // The least that so many of all are not above.
  const auto at = [this](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all_.size())));
    return std::chrono::duration<double, std::micro>(all_[rank - 1]).count();
  };
  out["p50"] = at(0.5);
  out["p90"] = at(0.9);
  out["p99"] = at(0.99);
  out["p99_9"] = at(0.999);
  out["max"] = at(1);
  return out;
}

} // namespace gateway::bench

#pragma once

#include "domain/metrics/worker_metrics.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace gateway {

/// What the operating system says of this process.
struct process_usage {
  std::chrono::microseconds cpu{}; ///< User and system time.
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t most_open_files = 0;
  timestamp started_at{};
};

/// Everything that a scrape tells.
struct gateway_metrics {
  worker_metrics counts;                         ///< Of all workers together.
  std::map<std::string, std::uint64_t> restarts; ///< By kind of actor.
  std::uint64_t actors = 0;
  process_usage process;
  std::string version;
};

/// As Prometheus reads it: every name of the contract, in a fixed order, also those that have no sample yet.
std::string to_exposition(const gateway_metrics& all);

} // namespace gateway

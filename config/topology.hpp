#pragma once

#include "config/config.hpp"

#include <cstddef>
#include <string>

namespace gateway {

/// The same topology with a number where it said 0: `workers` one a core, replicas one a worker.
topology_spec resolved(topology_spec what, std::size_t cores);

/// What `llm-gateway check` prints: where it would listen, how many of each actor it would start, where each model
/// goes, the limits, the most memory that it would take, the files. Never a secret.
std::string describe_topology(const config& what, std::size_t cores);

} // namespace gateway

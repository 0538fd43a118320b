#pragma once

#include "domain/metrics/gateway_metrics.hpp"

namespace gateway {

/// Asks the operating system about this process; what it does not tell is 0.
process_usage process_usage_now();

} // namespace gateway

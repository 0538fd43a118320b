#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// The process lives.
task<void> show_health(exchange& talk);
/// It can serve: it is not draining, and every store answers.
task<void> show_readiness(exchange& talk);
task<void> show_version(exchange& talk);

} // namespace gateway

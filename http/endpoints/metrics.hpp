#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// What all workers have counted, added up, as Prometheus reads it. All of it or nothing: with a worker missing, the
/// counters would seem to have started over.
task<void> show_metrics(exchange& talk);

} // namespace gateway

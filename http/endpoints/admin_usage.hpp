#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// What was used, added up.
task<void> show_usage(exchange& talk);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// Every target as the workers see it, added up.
task<void> list_upstreams(exchange& talk);

} // namespace gateway

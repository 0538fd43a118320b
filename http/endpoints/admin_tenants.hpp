#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// The limits that all keys of a tenant share. A tenant that has neither limits nor keys is not known.
task<void> show_tenant(exchange& talk);
task<void> set_tenant(exchange& talk);

} // namespace gateway

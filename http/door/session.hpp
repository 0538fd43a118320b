#pragma once

#include "http/service.hpp"
#include "http/wire/connection.hpp"

namespace gateway {

/// Serves one caller's connection: request after request, until either side has enough. Never throws.
task<void> session(service& house, connection_ptr peer);

} // namespace gateway

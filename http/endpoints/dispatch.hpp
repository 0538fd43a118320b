#pragma once

#include "http/exchange.hpp"
#include "http/router.hpp"

namespace gateway {

/// Every endpoint there is.
std::span<const endpoint> endpoints();

/// Finds the request's endpoint, checks who may call it, and lets it answer.
task<void> dispatch(exchange& talk);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"

namespace gateway {

task<void> list_audit(exchange& talk);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"

namespace gateway {

task<void> list_models(exchange& talk);
task<void> show_model(exchange& talk);

} // namespace gateway

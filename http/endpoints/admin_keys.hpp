#pragma once

#include "http/exchange.hpp"

namespace gateway {

task<void> create_key(exchange& talk);
task<void> list_keys(exchange& talk);
task<void> show_key(exchange& talk);
task<void> change_key(exchange& talk);
task<void> delete_key(exchange& talk);
task<void> rotate_key(exchange& talk);
task<void> show_key_usage(exchange& talk);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"

namespace gateway {

task<void> chat_completions(exchange& talk);
task<void> completions(exchange& talk);
task<void> embeddings(exchange& talk);
task<void> plain_chat(exchange& talk);

} // namespace gateway

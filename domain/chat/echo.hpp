#pragma once

#include "domain/chat/completion.hpp"
#include "domain/error.hpp"

#include <string>

namespace gateway {

/// Answers the body of a chat completion request with what its last user message says. Fails as `scan_request` does.
result<echo_reply> echo(std::string request);

} // namespace gateway

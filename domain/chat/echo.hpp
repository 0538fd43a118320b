#pragma once

#include "domain/chat/echo_reply.hpp"
#include "domain/error.hpp"

#include <string>

namespace gateway {

/// Answers the body of a chat completion request with what its last user message says: its parts of type text in lines
/// of their own, and nothing if there is no such message. Fails as `scan_request` does.
result<echo_reply> echo(std::string request);

} // namespace gateway

#pragma once

#include "domain/chat/echo_reply.hpp"
#include "domain/error.hpp"

#include <string>

namespace gateway {

/// Answers the body of a completion request with its prompt, of several with the first. Fails as `scan_request` does,
/// and with `request_invalid` for a prompt of token numbers, which only their own model could read.
result<echo_reply> echo_completion(std::string request);

} // namespace gateway

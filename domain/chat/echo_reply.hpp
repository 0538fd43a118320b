#pragma once

#include "domain/chat/request_scan.hpp"
#include "domain/usage.hpp"

#include <string>

namespace gateway {

/// What the built-in echo model answers to a chat, or to a prompt.
struct echo_reply {
  std::string text;  ///< What was said to it, as far as it may be repeated.
  bool cut = false;  ///< There were more words than the caller's maximum of tokens, or than 65,536: they end there.
  token_usage usage; ///< Estimated.
};

/// This text, as an answer to this request: cut to its maximum of tokens, and to 65,536 words.
echo_reply reply_with(std::string text, const request_scan& asked);

} // namespace gateway

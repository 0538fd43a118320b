#pragma once

#include "domain/usage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// What the built-in echo model answers to a chat.
struct echo_reply {
  std::string text;  ///< The last user message's; its parts of type text in lines of their own. Empty if there is none.
  bool cut = false;  ///< The caller's maximum of tokens was smaller than the number of words: they end there.
  token_usage usage; ///< Estimated.
};

/// What both forms of an answer carry beside the reply.
struct completion_frame {
  std::string id;           ///< Such as `chatcmpl-...`.
  std::string model;        ///< The name that the caller asked for.
  std::int64_t created = 0; ///< Seconds since 1970.
};

/// The reply as OpenAI's `chat.completion`. Always one choice.
std::string to_completion(const echo_reply& reply, const completion_frame& frame);

/// The reply as the data of OpenAI's `chat.completion.chunk` events: the role, a word each with the blanks in front of
/// it, the finish, and the usage if asked for. The closing `[DONE]` is not among them.
std::vector<std::string> to_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage);

} // namespace gateway

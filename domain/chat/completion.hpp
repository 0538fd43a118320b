#pragma once

#include "domain/chat/echo_reply.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// What all forms of an answer carry beside the reply.
struct completion_frame {
  std::string id;           ///< Such as `chatcmpl-...`, or `cmpl-...` for a text.
  std::string model;        ///< The name that the caller asked for.
  std::int64_t created = 0; ///< Seconds since 1970.
};

/// The reply as OpenAI's `chat.completion`. Always one choice.
std::string to_completion(const echo_reply& reply, const completion_frame& frame);

/// The reply as the data of OpenAI's `chat.completion.chunk` events: the role, a word each with the blanks in front of
/// it, the finish, and the usage if asked for. The closing `[DONE]` is not among them.
std::vector<std::string> to_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage);

/// The reply as OpenAI's `text_completion`. Always one choice.
std::string to_text_completion(const echo_reply& reply, const completion_frame& frame);

/// The same as the data of a stream's events: a word each, the finish with no text, and the usage if asked for.
std::vector<std::string> to_text_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage);

} // namespace gateway

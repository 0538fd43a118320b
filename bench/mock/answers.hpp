#pragma once

#include <cstddef>
#include <string>

namespace gateway::bench {

/// What the mock upstream says, as the bytes of HTTP/1.1 that it sends.
struct answers {
  /// A stream's tokens have `token_bytes` of text, or the six of " token" when that is 0.
  explicit answers(std::size_t chunks, std::size_t token_bytes = 0);

  std::string completion;   ///< A whole answer with a body of 700 bytes, usage included.
  std::string stream_head;  ///< The head of a stream and the event that names the role.
  std::string stream_chunk; ///< One event with a token in it.
  std::string stream_end;   ///< The finish reason, the usage, `[DONE]` and the end of the body.
  std::string stream_whole; ///< All of a stream's `chunks`, for those who do not pace.
  std::string refusal;      ///< For a request that this mock cannot read.
};

} // namespace gateway::bench

#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

/// Tokens that a request used, in the provider's count.
struct token_usage {
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;
  std::uint64_t cached_tokens = 0;    ///< Those of the prompt that the provider had in its cache.
  std::uint64_t reasoning_tokens = 0; ///< Those of the completion that the caller did not get to see.

  std::uint64_t total() const { return prompt_tokens + completion_tokens; }
  friend bool operator==(const token_usage&, const token_usage&) = default;
};

/// Where a record's token counts come from.
enum class usage_source : std::uint8_t {
  unknown,   ///< Nobody counted: the request never reached an upstream, or broke before it answered.
  provider,  ///< The upstream's own `usage`.
  estimated, ///< Ours, since the upstream gave none.
};

std::string_view to_string(usage_source source);
usage_source usage_source_from(std::string_view text);

} // namespace gateway

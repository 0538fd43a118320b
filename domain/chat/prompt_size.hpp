#pragma once

#include "domain/chat/token_estimate.hpp"

#include <simdjson.h>

#include <cstdint>

namespace gateway {

/// What each image, sound or file is taken to cost: OpenAI's price of a 1024x1024 image in high detail.
inline constexpr std::uint64_t media_tokens = 765;

/// Adds up the estimated tokens of `messages`: every text in them, 3 tokens a message and 3 for the answer's start, as
/// OpenAI's cookbook counts ("How to count tokens with tiktoken"), and `media_tokens` for what is not text.
simdjson::error_code measure_messages(simdjson::ondemand::array messages, token_meter& meter);

/// Adds up a `prompt` or `input`: a text, a list of token numbers, which count one each, or a list of either. `prompts`
/// becomes how many there are, at least 1.
simdjson::error_code measure_prompt(simdjson::ondemand::value prompt, token_meter& meter, std::uint64_t& prompts);

/// Adds up JSON that the model sees as JSON, such as `tools`.
simdjson::error_code measure_json(simdjson::ondemand::value json, token_meter& meter);

} // namespace gateway

#include "domain/chat/context_length.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway {

namespace {

// In small letters, each with whose words they are.
constexpr std::array<std::string_view, 8> phrases{
    // OpenAI, OpenRouter and vLLM (vllm-project/vllm#20409): "This model's maximum context length is 4097 tokens."
    "maximum context",
    // OpenAI's newer models: "Your input exceeds the context window of this model."
    "context window",
    // llama.cpp, before that error had a type (ggml-org/llama.cpp#15780).
    "available context size",
    // Anthropic, and its models elsewhere: "prompt is too long: 205668 tokens > 200000 maximum".
    "prompt is too long",
    // Anthropic: "input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000".
    "exceed context limit",
    // Amazon Bedrock: "Input is too long for requested model."
    "input is too long",
    // Amazon's own models.
    "too many input tokens",
    // Gemini: "The input token count (3475108) exceeds the maximum number of tokens allowed (1048576)."
    "exceeds the maximum number of tokens allowed",
};

constexpr char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool contains(std::string_view text, std::string_view phrase) {
  const auto same = [](char given, char wanted) { return small(given) == wanted; };
  return std::search(text.begin(), text.end(), phrase.begin(), phrase.end(), same) != text.end();
}

} // namespace

bool is_context_length_error(const upstream_error& error) {
  // OpenAI's code, and llama.cpp's type (tools/server/server.cpp).
  if (error.code == "context_length_exceeded" || error.type == "exceed_context_size_error") return true;
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return contains(error.message, phrase); });
}

} // namespace gateway

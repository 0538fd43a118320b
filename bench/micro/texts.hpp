#pragma once

#include <cstddef>
#include <string>

namespace gateway::bench {

/// A chat request as compact clients send it, with a prompt of so many bytes.
inline std::string chat_request(std::size_t prompt_bytes) {
  constexpr char prose[] = "Tell me about the house on the hill, its keeper and the light that it shows to ships. ";
  std::string prompt;
  while (prompt.size() < prompt_bytes) prompt += prose;
  prompt.resize(prompt_bytes);
  return R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},)"
         R"({"role":"user","content":")" +
         prompt + R"("}],"max_tokens":256,"temperature":0.7})";
}

} // namespace gateway::bench

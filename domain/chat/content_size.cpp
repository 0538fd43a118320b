#include "domain/chat/content_size.hpp"

#include "domain/chat/json_walk.hpp"
#include "domain/chat/token_estimate.hpp"

#include <algorithm>
#include <string_view>

namespace gateway {

namespace {

using namespace simdjson;

// A text, or a list of parts, as some providers send it.
bool weigh_content(ondemand::value content, std::uint64_t& hundredths) {
  weigh_text(content, hundredths);
  return each_element(content, [&](ondemand::value part) {
    return each_field(part, [&](std::string_view key, ondemand::value field) {
      if (key == "text") weigh_text(field, hundredths);
      return true;
    });
  });
}

bool weigh_function(ondemand::value function, std::uint64_t& hundredths) {
  return each_field(function, [&](std::string_view key, ondemand::value field) {
    if (key == "name" || key == "arguments") weigh_text(field, hundredths);
    return true;
  });
}

bool weigh_calls(ondemand::value calls, std::uint64_t& hundredths) {
  return each_element(calls, [&](ondemand::value call) {
    return each_field(call, [&](std::string_view key, ondemand::value field) {
      return key != "function" || weigh_function(field, hundredths);
    });
  });
}

} // namespace

void weigh_text(ondemand::value text, std::uint64_t& hundredths) {
  if (!is(text, ondemand::json_type::string)) return;
  const std::string_view token = text.raw_json_token();
  const auto end = token.rfind('"');
  if (end != std::string_view::npos && end > 0) hundredths += weigh_json_text(token.substr(1, end - 1));
}

bool weigh_message(ondemand::value message, std::uint64_t& hundredths) {
  // Some send the same thoughts under both names.
  std::uint64_t reasoning = 0;
  std::uint64_t reasoning_content = 0;
  const bool whole = each_field(message, [&](std::string_view key, ondemand::value field) {
    if (key == "content") return weigh_content(field, hundredths);
    if (key == "reasoning_content") weigh_text(field, reasoning_content);
    if (key == "reasoning") weigh_text(field, reasoning);
    if (key == "refusal") weigh_text(field, hundredths);
    if (key == "tool_calls") return weigh_calls(field, hundredths);
    if (key == "function_call") return weigh_function(field, hundredths);
    return true;
  });
  hundredths += std::max(reasoning, reasoning_content);
  return whole;
}

} // namespace gateway

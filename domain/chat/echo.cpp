#include "domain/chat/echo.hpp"

#include "domain/chat/json_reader.hpp"
#include "domain/chat/json_walk.hpp"
#include "domain/chat/request_scan.hpp"
#include "domain/chat/token_estimate.hpp"
#include "domain/chat/words.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace gateway {

namespace {

using namespace simdjson;

// The scan has walked through every message already: what is of another type here has nothing to say, and no more.
std::string_view string_of(ondemand::value value) {
  std::string_view text;
  return value.get_string().get(text) == SUCCESS ? text : std::string_view{};
}

std::string text_of(ondemand::value content) {
  if (is(content, ondemand::json_type::string)) return std::string(string_of(content));
  std::string text;
  each_element(content, [&](ondemand::value part) {
    bool is_text = false;
    std::string_view words;
    each_field(part, [&](std::string_view key, ondemand::value value) {
      if (key == "type") is_text = string_of(value) == "text";
      if (key == "text") words = string_of(value);
      return true;
    });
    if (is_text && !text.empty()) text.push_back('\n');
    if (is_text) text.append(words);
    return true;
  });
  return text;
}

std::string last_user_text(ondemand::value messages) {
  std::string last;
  each_element(messages, [&](ondemand::value message) {
    bool from_user = false;
    std::string text;
    each_field(message, [&](std::string_view key, ondemand::value value) {
      if (key == "role") from_user = string_of(value) == "user";
      if (key == "content") text = text_of(value);
      return true;
    });
    if (from_user) last = std::move(text);
    return true;
  });
  return last;
}

std::string reply_to(std::string& request) {
  json_reader reader;
  ondemand::document document;
  ondemand::object body;
  std::string text;
  if (reader.read_in_place(request).get(document) != SUCCESS || document.get_object().get(body) != SUCCESS) return text;
  each_field(body, [&](std::string_view key, ondemand::value value) {
    if (key == "messages") text = last_user_text(value);
    return true;
  });
  return text;
}

// Cuts the text behind so many words; whether that took any word away.
bool cut_to(std::string& text, std::uint64_t words) {
  std::size_t end = 0;
  for (; words > 0 && end < text.size(); --words) end = end_of_word(text, end);
  if (is_blank(std::string_view(text).substr(end))) return false;
  text.resize(end);
  return true;
}

} // namespace

result<echo_reply> echo(std::string request) {
  const auto scan = scan_request(request, surface::chat_completions);
  if (!scan) return tl::unexpected(scan.error());
  const auto most = scan->max_output_tokens.value_or(std::numeric_limits<std::uint64_t>::max());
  echo_reply reply;
  reply.text = reply_to(request);
  reply.cut = cut_to(reply.text, most);
  reply.usage = {scan->prompt_tokens, std::min(estimate_tokens(reply.text), most)};
  return reply;
}

} // namespace gateway

#include "domain/chat/echo.hpp"

#include "domain/chat/json_reader.hpp"
#include "domain/chat/json_walk.hpp"
#include "domain/chat/request_scan.hpp"

#include <string_view>
#include <utility>

namespace gateway {

namespace {

using namespace simdjson;

// The scan has walked through every message already: what is of another type here has nothing to say, and no more.
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

} // namespace

result<echo_reply> echo(std::string request) {
  const auto scan = scan_request(request, surface::chat_completions);
  if (!scan) return tl::unexpected(scan.error());
  auto text = reply_to(request);
  return reply_with(std::move(text), *scan);
}

} // namespace gateway

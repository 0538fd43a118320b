#include "domain/chat/echo_completion.hpp"

#include "domain/chat/json_reader.hpp"
#include "domain/chat/json_walk.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace gateway {

namespace {

using namespace simdjson;

std::optional<std::string> first_text(ondemand::value prompt) {
  if (is(prompt, ondemand::json_type::string)) return std::string(string_of(prompt));
  std::optional<std::string> text;
  each_element(prompt, [&](ondemand::value item) {
    if (is(item, ondemand::json_type::string)) text = string_of(item);
    return false;
  });
  return text;
}

std::optional<std::string> prompt_of(std::string& request) {
  json_reader reader;
  ondemand::document document;
  ondemand::object body;
  std::optional<std::string> text;
  if (reader.read_in_place(request).get(document) != SUCCESS || document.get_object().get(body) != SUCCESS) return text;
  each_field(body, [&](std::string_view key, ondemand::value value) {
    if (key != "prompt") return true;
    text = first_text(value);
    return false;
  });
  return text;
}

} // namespace

result<echo_reply> echo_completion(std::string request) {
  const auto scan = scan_request(request, surface::completions);
  if (!scan) return tl::unexpected(scan.error());
  auto prompt = prompt_of(request);
  if (!prompt) return fail(ec::request_invalid, "this model reads no token numbers; send the prompt as text", "prompt");
  return reply_with(std::move(*prompt), *scan);
}

} // namespace gateway

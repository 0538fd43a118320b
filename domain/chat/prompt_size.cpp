#include "domain/chat/prompt_size.hpp"

#include "domain/chat/json_walk.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway {

namespace {

using namespace simdjson;

// Messages nest five deep; whatever is deeper is measured as JSON, so that no body can exhaust the stack.
constexpr int deepest_walk = 16;

constexpr std::array<std::string_view, 3> media{"image_url", "input_audio", "file"};
// Short names that the model sees as part of the message's frame, or not at all.
constexpr std::array<std::string_view, 4> frame{"role", "type", "id", "tool_call_id"};

template <class Names>
bool is_one_of(std::string_view key, const Names& names) {
  return std::ranges::find(names, key) != names.end();
}

constexpr auto base64_table = [] {
  std::array<bool, 256> table{};
  // The backslash is there for a slash that JSON writes as `\/`.
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\\"))
    table[static_cast<std::uint8_t>(c)] = true;
  return table;
}();

struct range {
  std::size_t begin;
  std::size_t end;
};

// The first `data:` URL in base64, which stands for a picture or a file.
std::optional<range> data_url_in(std::string_view text) {
  constexpr std::string_view scheme = "data:";
  constexpr std::string_view encoding = ";base64,";
  constexpr std::size_t longest_type = 128;
  for (auto at = text.find(encoding); at != std::string_view::npos; at = text.find(encoding, at + 1)) {
    const auto from = at > longest_type ? at - longest_type : 0;
    const auto type = text.substr(from, at - from);
    const auto begin = type.rfind(scheme);
    if (begin == std::string_view::npos || type.find(' ', begin) != std::string_view::npos) continue;
    auto end = at + encoding.size();
    while (end < text.size() && base64_table[static_cast<std::uint8_t>(text[end])]) ++end;
    return range{from + begin, end};
  }
  return std::nullopt;
}

void measure_text(std::string_view token, token_meter& meter) {
  const auto end = token.rfind('"');
  if (end == std::string_view::npos || end == 0) return;
  auto text = token.substr(1, end - 1);
  while (const auto url = data_url_in(text)) {
    if (url->begin > 0) meter.add_json_text(text.substr(0, url->begin));
    meter.add(media_tokens);
    text.remove_prefix(url->end);
  }
  meter.add_json_text(text);
}

error_code measure(ondemand::value value, int depth, std::uint64_t per_number, token_meter& meter);

error_code measure_array(ondemand::array items, int depth, std::uint64_t per_number, token_meter& meter) {
  for (auto item : items) {
    ondemand::value value;
    if (const auto error = item.get(value)) return error;
    if (const auto error = measure(value, depth, per_number, meter)) return error;
  }
  return SUCCESS;
}

error_code measure_object(ondemand::object fields, int depth, std::uint64_t per_number, token_meter& meter) {
  for (auto field : fields) {
    std::string_view key;
    ondemand::value value;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (const auto error = field.value().get(value)) return error;
    if (is_one_of(key, frame)) continue;
    if (is_one_of(key, media)) {
      meter.add(media_tokens);
    } else if (const auto error = measure(value, depth, per_number, meter)) {
      return error;
    }
  }
  return SUCCESS;
}

error_code measure(ondemand::value value, int depth, std::uint64_t per_number, token_meter& meter) {
  if (depth == deepest_walk) return measure_json(value, meter);
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::array: {
      ondemand::array items;
      if (const auto error = value.get_array().get(items)) return error;
      return measure_array(items, depth + 1, per_number, meter);
    }
    case ondemand::json_type::object: {
      ondemand::object fields;
      if (const auto error = value.get_object().get(fields)) return error;
      return measure_object(fields, depth + 1, per_number, meter);
    }
    case ondemand::json_type::string: measure_text(value.raw_json_token(), meter); break;
    case ondemand::json_type::number: meter.add(per_number); break;
    default: break;
  }
  return SUCCESS;
}

} // namespace

error_code measure_messages(ondemand::array messages, token_meter& meter) {
  constexpr std::uint64_t each = 3;
  meter.add(3);
  for (auto message : messages) {
    ondemand::value value;
    if (const auto error = message.get(value)) return error;
    meter.add(each);
    if (const auto error = measure(value, 0, 0, meter)) return error;
  }
  return SUCCESS;
}

error_code measure_prompt(ondemand::value prompt, token_meter& meter, std::uint64_t& prompts) {
  prompts = 1;
  if (!is(prompt, ondemand::json_type::array)) return measure(prompt, 0, 1, meter);
  ondemand::array items;
  if (const auto error = prompt.get_array().get(items)) return error;
  std::uint64_t lists_or_texts = 0;
  for (auto item : items) {
    ondemand::value value;
    if (const auto error = item.get(value)) return error;
    if (!is(value, ondemand::json_type::number)) ++lists_or_texts;
    if (const auto error = measure(value, 1, 1, meter)) return error;
  }
  prompts = std::max<std::uint64_t>(lists_or_texts, 1);
  return SUCCESS;
}

error_code measure_json(ondemand::value json, token_meter& meter) {
  ondemand::json_type type;
  std::string_view raw;
  if (const auto error = json.type().get(type)) return error;
  if (type == ondemand::json_type::array) {
    ondemand::array items;
    if (const auto error = json.get_array().get(items)) return error;
    if (const auto error = items.raw_json().get(raw)) return error;
  } else if (type == ondemand::json_type::object) {
    ondemand::object fields;
    if (const auto error = json.get_object().get(fields)) return error;
    if (const auto error = fields.raw_json().get(raw)) return error;
  } else {
    raw = json.raw_json_token();
  }
  meter.add_json_text(raw);
  return SUCCESS;
}

} // namespace gateway

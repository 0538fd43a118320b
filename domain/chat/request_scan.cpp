#include "domain/chat/request_scan.hpp"

#include "domain/chat/json_reader.hpp"
#include "domain/chat/request_fields.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace gateway {

namespace {

using namespace simdjson;

struct field {
  std::string_view name;
  unsigned surfaces; // A bit each.
  result<void> (request_fields::*read)(ondemand::value, std::string_view);
};

constexpr unsigned bit(surface kind) { return 1u << static_cast<unsigned>(kind); }

constexpr auto chat = bit(surface::chat_completions);
constexpr auto text = bit(surface::completions);
constexpr auto embed = bit(surface::embeddings);

constexpr std::array<field, 13> fields{{
    {"model", chat | text | embed, &request_fields::model},
    {"messages", chat, &request_fields::messages},
    {"prompt", text, &request_fields::prompt},
    {"input", embed, &request_fields::prompt},
    {"stream", chat | text, &request_fields::stream},
    {"stream_options", chat | text, &request_fields::stream_options},
    {"max_tokens", chat | text, &request_fields::max_tokens},
    {"max_completion_tokens", chat | text, &request_fields::max_tokens},
    {"n", chat | text, &request_fields::n},
    {"best_of", text, &request_fields::n},
    {"tools", chat, &request_fields::definitions},
    {"functions", chat, &request_fields::definitions},
    {"response_format", chat, &request_fields::definitions},
}};

constexpr std::string_view prompt_name(surface kind) {
  if (kind == surface::completions) return "prompt";
  return kind == surface::embeddings ? "input" : "messages";
}

auto refuse(std::string message, std::string_view param) {
  return fail(ec::request_invalid, std::move(message), std::string(param));
}

bool is_model_in_other_case(std::string_view key) {
  constexpr std::string_view model = "model";
  return key != model &&
         std::ranges::equal(key, model, [](char given, char wanted) { return (given | 0x20) == wanted; });
}

result<void> read_fields(ondemand::object& object, surface kind, request_fields& reader) {
  unsigned seen = 0;
  for (auto entry : object) {
    std::string_view key;
    ondemand::value value;
    if (const auto error = entry.unescaped_key().get(key)) return refuse_body(error);
    if (const auto error = entry.value().get(value)) return refuse_body(error);
    const auto known = std::ranges::find(fields, key, &field::name);
    if (known == fields.end()) {
      // Servers in Go read `Model` as `model`: nobody may be asked for another model than the one that was checked.
      if (is_model_in_other_case(key)) return refuse("write the field model in small letters", "model");
      continue;
    }
    if ((known->surfaces & bit(kind)) == 0) continue;
    const auto mark = 1u << (known - fields.begin());
    if ((seen & mark) != 0) return refuse(std::string(key) + " is there twice; send it once", key);
    seen |= mark;
    if (auto read = (reader.*known->read)(value, known->name); !read) return read;
  }
  return {};
}

} // namespace

result<request_scan> scan_request(std::string& body, surface kind) {
  json_reader json;
  ondemand::document document;
  ondemand::object object;
  if (const auto error = json.read_in_place(body).get(document)) return refuse_body(error);
  if (const auto error = document.get_object().get(object)) return refuse_body(error);
  request_fields reader(body, body.find('{') + 1);
  if (auto read = read_fields(object, kind, reader); !read) return tl::unexpected(std::move(read.error()));
  // simdjson reads no further than the brace that closes the object.
  if (document.current_location().error() != OUT_OF_BOUNDS) {
    return refuse("the request body has more text behind its JSON object", {});
  }
  if (!reader.has_prompt()) return refuse(std::string(prompt_name(kind)) + " is required", prompt_name(kind));
  auto scan = reader.finish();
  if (kind == surface::embeddings) scan.max_output_tokens = 0;
  return scan;
}

std::uint64_t tokens_to_hold(const request_scan& request, std::uint64_t default_output) {
  std::uint64_t total = 0;
  const auto each = request.max_output_tokens.value_or(default_output);
  if (__builtin_mul_overflow(each, request.choices, &total) || __builtin_mul_overflow(total, request.prompts, &total) ||
      __builtin_add_overflow(total, request.prompt_tokens, &total)) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return total;
}

} // namespace gateway

#include "domain/chat/request_fields.hpp"

#include "domain/chat/prompt_size.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

namespace {

using namespace simdjson;

auto refuse(std::string message, std::string_view param) {
  return fail(ec::request_invalid, std::move(message), std::string(param));
}

bool read_null(ondemand::value& json) {
  bool null = false;
  return json.is_null().get(null) == SUCCESS && null;
}

// A scalar's token ends with the blanks behind it.
std::string_view token_of(ondemand::value& json) {
  const auto token = json.raw_json_token();
  return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

result<void> measured(error_code error) {
  if (error) return refuse_body(error);
  return {};
}

} // namespace

tl::unexpected<failure> refuse_body(error_code error) {
  switch (error) {
    case EMPTY: return refuse("the request body is empty; send a JSON object", {});
    case UTF8_ERROR: return refuse("the request body is not valid UTF-8; encode it as UTF-8", {});
    case INCORRECT_TYPE: return refuse("the request body must be a JSON object", {});
    default: return refuse(std::string("the request body is not valid JSON: ") + error_message(error), {});
  }
}

request_fields::request_fields(const std::string& body, std::size_t fields_offset) : body_(body) {
  scan_.fields_offset = fields_offset;
}

result<void> request_fields::model(value json, std::string_view name) {
  const auto token = token_of(json);
  std::string_view text;
  if (json.get_string().get(text) != SUCCESS || text.empty()) {
    return refuse("model must be a string that names a model", name);
  }
  scan_.model = std::string(text);
  scan_.model_offset = offset_of(token);
  scan_.model_length = token.size();
  return {};
}

result<void> request_fields::stream(value json, std::string_view name) {
  if (read_null(json)) return {};
  if (json.get_bool().get(scan_.stream) != SUCCESS) return refuse("stream must be true or false", name);
  return {};
}

result<void> request_fields::stream_options(value json, std::string_view name) {
  const auto start = offset_of(token_of(json));
  if (read_null(json)) {
    usage_request_ = splice{start, 4, R"({"include_usage":true})"};
    return {};
  }
  ondemand::object options;
  if (json.get_object().get(options) != SUCCESS) return refuse("stream_options must be an object", name);
  bool empty = true;
  bool found = false;
  for (auto option : options) {
    std::string_view key;
    value setting;
    if (const auto error = option.unescaped_key().get(key)) return refuse_body(error);
    if (const auto error = option.value().get(setting)) return refuse_body(error);
    empty = false;
    if (key != "include_usage") continue;
    if (found) return refuse("include_usage is there twice; send it once", "stream_options.include_usage");
    found = true;
    if (auto read = include_usage(setting); !read) return read;
  }
  if (!found) usage_request_ = splice{start + 1, 0, empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
  return {};
}

result<void> request_fields::include_usage(value json) {
  const auto token = token_of(json);
  if (!read_null(json) && json.get_bool().get(scan_.include_usage) != SUCCESS) {
    return refuse("include_usage must be true or false", "stream_options.include_usage");
  }
  usage_request_ = splice{offset_of(token), token.size(), "true"};
  return {};
}

result<void> request_fields::max_tokens(value json, std::string_view name) {
  if (read_null(json)) return {};
  std::uint64_t number = 0;
  if (json.get_uint64().get(number) != SUCCESS) {
    return refuse(std::string(name) + " must be an integer that is not negative", name);
  }
  scan_.max_output_tokens = std::max(number, scan_.max_output_tokens.value_or(0));
  return {};
}

result<void> request_fields::n(value json, std::string_view name) {
  if (read_null(json)) return {};
  std::uint64_t number = 0;
  if (json.get_uint64().get(number) != SUCCESS || number < 1) {
    return refuse(std::string(name) + " must be an integer of at least 1", name);
  }
  scan_.choices = std::max(number, scan_.choices);
  return {};
}

result<void> request_fields::messages(value json, std::string_view name) {
  ondemand::array items;
  if (json.get_array().get(items) != SUCCESS) return refuse("messages must be an array", name);
  bool empty = true;
  if (const auto error = items.is_empty().get(empty)) return refuse_body(error);
  if (empty) return refuse("messages must have at least one message", name);
  has_prompt_ = true;
  return measured(measure_messages(items, prompt_));
}

result<void> request_fields::prompt(value json, std::string_view name) {
  ondemand::json_type type;
  if (const auto error = json.type().get(type)) return refuse_body(error);
  if (type != ondemand::json_type::string && type != ondemand::json_type::array) {
    return refuse(std::string(name) + " must be a string or an array", name);
  }
  has_prompt_ = true;
  return measured(measure_prompt(json, prompt_, scan_.prompts));
}

result<void> request_fields::definitions(value json, std::string_view) { return measured(measure_json(json, prompt_)); }

request_scan request_fields::finish() {
  scan_.prompt_tokens = prompt_.tokens();
  if (scan_.stream && !scan_.include_usage) {
    constexpr std::string_view whole = R"("stream_options":{"include_usage":true},)";
    scan_.usage_request = usage_request_.value_or(splice{scan_.fields_offset, 0, whole});
  }
  return std::move(scan_);
}

std::size_t request_fields::offset_of(std::string_view token) const {
  return static_cast<std::size_t>(token.data() - body_.data());
}

} // namespace gateway

#include "domain/chat/answer_scan.hpp"

#include "domain/chat/content_size.hpp"
#include "domain/chat/json_reader.hpp"
#include "domain/chat/json_walk.hpp"
#include "domain/chat/usage_scan.hpp"

#include <algorithm>
#include <cstdint>

namespace gateway {

namespace {

using namespace simdjson;

template <class Visitor>
bool each_root_field(std::string_view json, Visitor visit) {
  json_reader reader;
  ondemand::document document;
  ondemand::object object;
  if (reader.read_copy(json).get(document) != SUCCESS || document.get_object().get(object) != SUCCESS) return false;
  return each_field(object, visit) && document.current_location().error() == OUT_OF_BOUNDS;
}

// The index may stand behind the reason. The API has 0 to 127; the masks have room for what anybody asks for.
bool read_choices(ondemand::value choices, event_scan& event) {
  event.has_choices_field = true;
  if (!is(choices, ondemand::json_type::array)) return true;
  const bool whole = each_element(choices, [&](ondemand::value choice) {
    std::uint64_t index = 0;
    bool finishes = false;
    const bool read = each_field(choice, [&](std::string_view key, ondemand::value field) {
      if (key == "index") index = count_of(field).value_or(0);
      if (key == "finish_reason") finishes = is(field, ondemand::json_type::string);
      if (key == "delta") return weigh_message(field, event.content);
      if (key == "text") weigh_text(field, event.content);
      return true;
    });
    const auto bit = std::uint64_t{1} << std::min<std::uint64_t>(index, 63);
    event.speaks |= bit;
    if (finishes) event.finishes |= bit;
    return read;
  });
  event.has_choices = event.speaks != 0;
  event.finished = event.finishes != 0;
  return whole;
}

std::string text_of(ondemand::value value) {
  std::string_view text;
  if (is(value, ondemand::json_type::string)) return value.get_string().get(text) == SUCCESS ? std::string(text) : "";
  if (!is(value, ondemand::json_type::number)) return {};
  text = value.raw_json_token();
  return std::string(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
}

} // namespace

answer_scan scan_answer(std::string_view body) {
  answer_scan answer;
  answer.is_object = each_root_field(body, [&](std::string_view key, ondemand::value value) {
    if (key == "error") answer.has_error = !is_null(value);
    return key != "usage" || read_usage(value, answer.usage);
  });
  if (!answer.is_object) answer.usage.reset();
  return answer;
}

std::uint64_t tokens_said(std::string_view body) {
  std::uint64_t hundredths = 0;
  each_root_field(body, [&](std::string_view key, ondemand::value value) {
    if (key != "choices") return true;
    return each_element(value, [&](ondemand::value choice) {
      return each_field(choice, [&](std::string_view name, ondemand::value field) {
        if (name == "message") return weigh_message(field, hundredths);
        if (name == "text") weigh_text(field, hundredths);
        return true;
      });
    });
  });
  return (hundredths + 99) / 100;
}

event_scan scan_event(std::string_view data) {
  event_scan event;
  if (data == "[DONE]") {
    event.done = true;
    return event;
  }
  event.is_object = each_root_field(data, [&](std::string_view key, ondemand::value value) {
    if (key == "choices") return read_choices(value, event);
    if (key == "usage") return read_usage(value, event.usage);
    if (key == "error") event.has_error = !is_null(value);
    return true;
  });
  return event.is_object ? event : event_scan{};
}

std::optional<upstream_error> error_of(std::string_view body) {
  std::optional<upstream_error> found;
  const bool whole = each_root_field(body, [&](std::string_view key, ondemand::value value) {
    if (key != "error" || is_null(value)) return true;
    found.emplace();
    if (!is(value, ondemand::json_type::object)) {
      found->message = text_of(value);
      return true;
    }
    return each_field(value, [&](std::string_view name, ondemand::value field) {
      if (name == "message") found->message = text_of(field);
      if (name == "type") found->type = text_of(field);
      if (name == "code") found->code = text_of(field);
      return true;
    });
  });
  return whole ? found : std::nullopt;
}

} // namespace gateway

#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway {

/// Whether a value is of this type, as its first character tells. Nothing is consumed.
inline bool is(simdjson::ondemand::value& value, simdjson::ondemand::json_type wanted) {
  simdjson::ondemand::json_type type;
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
}

inline bool is_null(simdjson::ondemand::value& value) { return is(value, simdjson::ondemand::json_type::null); }

/// What a string says, unescaped; nothing when it is no string.
inline std::string_view string_of(simdjson::ondemand::value value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

/// A count; nothing when it is none.
inline std::optional<std::uint64_t> count_of(simdjson::ondemand::value value) {
  std::uint64_t count = 0;
  if (value.get_uint64().get(count) != simdjson::SUCCESS) return std::nullopt;
  return count;
}

/// Calls `visit(key, value)` for each field; it answers whether to go on. Whether the object was walked to its end.
template <class Visitor>
bool each_field(simdjson::ondemand::object object, Visitor visit) {
  for (auto field : object) {
    std::string_view key;
    simdjson::ondemand::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    if (field.value().get(value) != simdjson::SUCCESS) return false;
    if (!visit(key, value)) return false;
  }
  return true;
}

/// The same for a value, of which nothing is visited when it is no object.
template <class Visitor>
bool each_field(simdjson::ondemand::value value, Visitor visit) {
  simdjson::ondemand::object object;
  if (!is(value, simdjson::ondemand::json_type::object)) return true;
  return value.get_object().get(object) == simdjson::SUCCESS && each_field(object, visit);
}

/// Calls `visit(value)` for each element; as `each_field`.
template <class Visitor>
bool each_element(simdjson::ondemand::value value, Visitor visit) {
  simdjson::ondemand::array array;
  if (!is(value, simdjson::ondemand::json_type::array)) return true;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto element : array) {
    simdjson::ondemand::value item;
    if (element.get(item) != simdjson::SUCCESS || !visit(item)) return false;
  }
  return true;
}

} // namespace gateway

#include "http/wire/json_body.hpp"

namespace gateway {
namespace {

using nlohmann::json;

/// In memory a value is many times as large as in its text.
constexpr std::size_t most_values = 100'000;

template <class T>
struct json_type;

template <>
struct json_type<bool> {
  static constexpr const char* name = "must be true or false";
  static bool fits(const json& value) { return value.is_boolean(); }
};
template <>
struct json_type<std::uint64_t> {
  static constexpr const char* name = "must be a whole number, 0 or more";
  static bool fits(const json& value) { return value.is_number_unsigned(); }
};
template <>
struct json_type<std::int64_t> {
  static constexpr const char* name = "must be a whole number";
  static bool fits(const json& value) {
    return value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
  }
};
template <>
struct json_type<double> {
  static constexpr const char* name = "must be a number, 0 or more";
  static bool fits(const json& value) { return value.is_number() && value.get<double>() >= 0; }
};
template <>
struct json_type<std::string> {
  static constexpr const char* name = "must be a string";
  static bool fits(const json& value) { return value.is_string(); }
};
template <>
struct json_type<std::vector<std::string>> {
  static constexpr const char* name = "must be a list of strings";
  static bool fits(const json& value) {
    return value.is_array() &&
           std::all_of(value.begin(), value.end(), [](const json& each) { return each.is_string(); });
  }
};
template <>
struct json_type<std::map<std::string, std::string>> {
  static constexpr const char* name = "must be an object of strings";
  static bool fits(const json& value) {
    return value.is_object() &&
           std::all_of(value.begin(), value.end(), [](const json& each) { return each.is_string(); });
  }
};
template <>
struct json_type<json> {
  static constexpr const char* name = "must be an object";
  static bool fits(const json& value) { return value.is_object(); }
};

} // namespace

result<void> check_json_body(const request& asked) {
  if (asked.body.empty()) return fail(ec::request_invalid, "the request has no body; send a JSON object");
  if (!asked.is_json())
    return fail(ec::request_invalid, "send the body as 'Content-Type: application/json'", "content-type");
  return {};
}

result<json> parse_json_object(const request& asked) {
  if (auto usable = check_json_body(asked); !usable) return tl::unexpected(std::move(usable.error()));
  json parsed;
  std::size_t values = 0;
  const auto fits = [&values](int, json::parse_event_t, const json&) { return ++values <= most_values; };
  try {
    parsed = json::parse(asked.body, fits);
  } catch (const json::parse_error& error) {
    return fail(ec::request_invalid, "the body is not valid JSON (byte " + std::to_string(error.byte) + ")");
  }
  if (values > most_values)
    return fail(ec::request_too_large, "the body has more than " + std::to_string(most_values) + " values");
  if (!parsed.is_object()) return fail(ec::request_invalid, "the body must be a JSON object");
  return parsed;
}

template <class T>
std::optional<T> json_fields::optional(const std::string& name) {
  asked_.insert(name);
  const auto found = object_.find(name);
  if (found == object_.end() || found->is_null()) return std::nullopt;
  if (json_type<T>::fits(*found)) return found->template get<T>();
  complain(name, json_type<T>::name);
  return std::nullopt;
}

template std::optional<bool> json_fields::optional(const std::string&);
template std::optional<std::uint64_t> json_fields::optional(const std::string&);
template std::optional<std::int64_t> json_fields::optional(const std::string&);
template std::optional<double> json_fields::optional(const std::string&);
template std::optional<std::string> json_fields::optional(const std::string&);
template std::optional<std::vector<std::string>> json_fields::optional(const std::string&);
template std::optional<std::map<std::string, std::string>> json_fields::optional(const std::string&);
template std::optional<json> json_fields::optional(const std::string&);

void json_fields::complain(const std::string& name, std::string what) {
  complaints_.emplace_back(prefix_ + name, std::move(what));
}

void json_fields::note_unknown() {
  for (const auto& [name, value] : object_.items())
    if (asked_.insert(name).second) complain(name, "unknown field");
}

void json_fields::absorb(const json_fields& part) {
  auto copy = part;
  copy.note_unknown();
  complaints_.insert(complaints_.end(), copy.complaints_.begin(), copy.complaints_.end());
}

std::optional<failure> json_fields::finish() {
  note_unknown();
  if (complaints_.empty()) return std::nullopt;
  const auto& [name, what] = complaints_.front();
  failure why;
  why.code = ec::request_invalid;
  why.message = what == "required" ? name + " is required" : name + ": " + what;
  why.param = name;
  why.details = complaints_;
  return why;
}

} // namespace gateway

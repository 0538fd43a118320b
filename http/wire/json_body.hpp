#pragma once

#include "domain/error.hpp"
#include "http/wire/request.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace gateway {

/// Whether the request says that it carries JSON, and carries anything. Its coding is undone by then.
result<void> check_json_body(const request& asked);

/// The request's body as a JSON object: for endpoints off the hot path.
result<nlohmann::json> parse_json_object(const request& asked);

/// Takes the fields of a JSON object out one by one, collecting everything that is wrong with them.
class json_fields {
 public:
  /// `prefix` stands before the names in complaints: `quota.`
  explicit json_fields(nlohmann::json object, std::string prefix = {})
      : object_(std::move(object)), prefix_(std::move(prefix)) {}

  /// Null counts as missing. T: bool, std::uint64_t, double, std::string, std::vector<std::string>,
  /// std::map<std::string, std::string> or nlohmann::json (an object).
  template <class T>
  std::optional<T> optional(const std::string& name);
  template <class T>
  std::optional<T> required(const std::string& name);
  /// Null and missing are different things: `{"expires_at":null}` takes the expiry away.
  template <class T>
  std::optional<std::optional<T>> nullable(const std::string& name);

  void complain(const std::string& name, std::string what);
  /// Takes over the complaints about a part of this object.
  void absorb(const json_fields& part);
  /// Fields that nobody asked for, and wrong ones: `request_invalid` with every complaint in `details`.
  std::optional<failure> finish();

 private:
  void note_unknown();

  nlohmann::json object_;
  std::string prefix_;
  std::set<std::string> asked_;
  std::vector<std::pair<std::string, std::string>> complaints_;
};

extern template std::optional<bool> json_fields::optional(const std::string&);
extern template std::optional<std::uint64_t> json_fields::optional(const std::string&);
extern template std::optional<std::int64_t> json_fields::optional(const std::string&);
extern template std::optional<double> json_fields::optional(const std::string&);
extern template std::optional<std::string> json_fields::optional(const std::string&);
extern template std::optional<std::vector<std::string>> json_fields::optional(const std::string&);
extern template std::optional<std::map<std::string, std::string>> json_fields::optional(const std::string&);
extern template std::optional<nlohmann::json> json_fields::optional(const std::string&);

template <class T>
std::optional<T> json_fields::required(const std::string& name) {
  if (!object_.contains(name) || object_[name].is_null()) complain(name, "required");
  return optional<T>(name);
}

template <class T>
std::optional<std::optional<T>> json_fields::nullable(const std::string& name) {
  const bool there = object_.contains(name);
  auto value = optional<T>(name);
  if (!there) return std::nullopt;
  return value;
}

} // namespace gateway

#include "config/reading/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gateway {

namespace {

// Whole numbers up to here are exact in a double, and so in every JSON reader.
constexpr double most_exact = 9007199254740991;

bool is_whole(double value) { return std::trunc(value) == value && std::abs(value) <= most_exact; }

} // namespace

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

std::string must_be(std::string_view article_and_type, const nlohmann::json& value) {
  return fmt::format("must be {}, is {}", article_and_type, value.type_name());
}

std::string as_json(double value) { return is_whole(value) ? fmt::format("{:.0f}", value) : fmt::format("{}", value); }

taken<std::string> text_in(const nlohmann::json& value) {
  if (!value.is_string()) return tl::make_unexpected(must_be("a string", value));
  return value.get<std::string>();
}

taken<double> number_in(const nlohmann::json& value, between bounds) {
  if (!value.is_number()) return tl::make_unexpected(must_be("a number", value));
  const auto number = value.get<double>();
  if (number >= bounds.least && number <= bounds.most) return number;
  return tl::make_unexpected(fmt::format("must be between {} and {}", as_json(bounds.least), as_json(bounds.most)));
}

taken<std::int64_t> whole_number_in(const nlohmann::json& value, between bounds) {
  if (!value.is_number()) return tl::make_unexpected(must_be("a whole number", value));
  const auto number = number_in(value, bounds);
  if (number && !is_whole(*number)) return tl::make_unexpected(std::string("must be a whole number, has a fraction"));
  return number.map([](double whole) { return static_cast<std::int64_t>(whole); });
}

taken<bool> flag_in(const nlohmann::json& value) {
  if (!value.is_boolean()) return tl::make_unexpected(must_be("true or false", value));
  return value.get<bool>();
}

taken<std::size_t> word_in(const nlohmann::json& value, const std::vector<std::string_view>& words) {
  if (value.is_string()) {
    const auto found = std::find(words.begin(), words.end(), value.get_ref<const std::string&>());
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  return tl::make_unexpected(fmt::format("must be one of {}", fmt::join(words, ", ")));
}

} // namespace gateway

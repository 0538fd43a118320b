#pragma once

#include "config/reading/key_description.hpp"

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What a JSON value holds, or a sentence on what it must be. The sentence never repeats the value.
template <class T>
using taken = tl::expected<T, std::string>;

taken<std::string> text_in(const nlohmann::json& value);
taken<double> number_in(const nlohmann::json& value, between bounds);
/// `8.0` and `1e3` are whole numbers too, as in JSON Schema.
taken<std::int64_t> whole_number_in(const nlohmann::json& value, between bounds);
taken<bool> flag_in(const nlohmann::json& value);
/// The index of the word that the value is.
taken<std::size_t> word_in(const nlohmann::json& value, const std::vector<std::string_view>& words);

/// Whether all of it can stand in a header: no spaces, no control characters, nothing beyond ASCII.
bool is_visible_ascii(std::string_view text);

/// `must be an array, is number`.
std::string must_be(std::string_view article_and_type, const nlohmann::json& value);

/// A number as JSON writes it, whole ones without a fraction or an exponent.
std::string as_json(double value);

} // namespace gateway

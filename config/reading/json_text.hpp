#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace gateway {

class complaints;

/// Reads JSON with comments into `to`. What is wrong goes to `said`: a syntax error with line and column, a key
/// that an object has twice (the last one counts), nesting deeper than 64. False when there is nothing to go on with.
bool parse_json(std::string_view text, nlohmann::json& to, complaints& said);

} // namespace gateway

#pragma once

#include "config/environment.hpp"

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace gateway {

class complaints;

/// Where the values of `${...}` come from.
struct substitution_sources {
  const environment& variables;
  std::filesystem::path directory; ///< Relative paths of `${file:PATH}` start here.
};

/// Replaces what a text may hold:
/// - `${NAME}`: the environment variable; an error when it is not set
/// - `${NAME:-default}`: the same, or `default` when it is not set or empty
/// - `${file:PATH}`: what the file holds, without one newline at its end; at most 1 MiB
/// - `$${`: a literal `${`
/// Nothing is replaced in what was put in. The error names the variable or file, never a value.
tl::expected<std::string, std::string> substitute(std::string_view text, const substitution_sources& from);

/// The same in every string value of a tree. A string that cannot be made is complained of and becomes
/// a discarded value, which the reader passes over.
void substitute(nlohmann::json& tree, const substitution_sources& from, complaints& said);

} // namespace gateway

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// How many letters must be put in, taken out, replaced or swapped with their neighbour to make `b` of `a`
/// (optimal string alignment distance); a letter's case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// What to say after a word nobody knows: `did you mean "port"?`, or when nothing is near `known are: host, port`.
std::string suggest(std::string_view word, const std::vector<std::string_view>& known);

} // namespace gateway

#pragma once

#include <string_view>

namespace gateway {

/// A choice as the config file spells it.
template <class Enum>
struct named {
  std::string_view name;
  Enum value;
};

/// The name of `value`, or nothing at all when the table misses it.
template <class Names, class Enum>
constexpr std::string_view name_of(const Names& names, Enum value) {
  for (const auto& each : names) {
    if (each.value == value) return each.name;
  }
  return {};
}

} // namespace gateway

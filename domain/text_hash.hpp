#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace gateway {

/// For hash tables by std::string that are looked into with what is no std::string.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

} // namespace gateway

#pragma once

#include "config/config.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// A part of what the process may take: `count` things of at most `each` bytes.
struct memory_term {
  std::string_view what;
  std::uint64_t count = 0;
  std::uint64_t each = 0;
  /// Of all of them; the largest number where that is too large for one.
  std::uint64_t bytes() const;
};

/// What bounds the resident memory of a gateway with this config, term by term. docs/memory.md says where the
/// constants come from.
std::vector<memory_term> memory_terms(const config& what, std::size_t cores);

/// Their sum, in bytes.
std::uint64_t memory_ceiling(const std::vector<memory_term>& terms);

} // namespace gateway

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// Whether a key must be there, and what its absence means.
enum class presence : std::uint8_t {
  optional, ///< Absent: its default.
  required,
  derived, ///< Absent: what other keys make of it.
};

/// The least and the most that a number may be.
struct between {
  double least;
  double most;
};

/// What may be written at one place of the config, as the reader's own calls declare it.
struct key_description {
  std::string pointer; ///< `*` stands for any name or index: `/upstreams/*/kind`.
  std::string type;    ///< JSON Schema's word for it: `string`, `integer`, `number`, `boolean`, `array` or `object`.
  std::string doc;     ///< A sentence for the operator.
  presence need = presence::optional;
  std::optional<std::string> standard; ///< The default, as JSON text.
  std::optional<between> bounds;
  std::vector<std::string> choices; ///< The words allowed, when only some are.
  bool filled = false;              ///< An array that may not be empty.
};

} // namespace gateway

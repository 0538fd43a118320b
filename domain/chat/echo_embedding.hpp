#pragma once

#include "domain/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

inline constexpr std::size_t default_dimensions = 64;
inline constexpr std::size_t most_dimensions = 4096;
/// Inputs of one request, as OpenAI has it.
inline constexpr std::size_t most_inputs = 2048;

/// Answers the body of an embeddings request as OpenAI does, with a vector of `hashed_features` for each input:
/// numbers, or with `"encoding_format":"base64"` the bytes of 32-bit floats, the lowest first. `dimensions` may be 1 to
/// 4096. Fails as `scan_request` does, and with `request_invalid` for inputs that are not text, or none, or too many.
result<std::string> echo_embedding(std::string request, std::string_view model);

} // namespace gateway

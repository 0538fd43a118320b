#pragma once

#include "domain/usage.hpp"

#include <simdjson.h>

#include <optional>

namespace gateway {

/// Reads a provider's `usage` object. Nothing comes out of one without a count of the prompt, or with a count that is
/// none. Cached and reasoning tokens are found under OpenAI's names and those that others use. What the total counts
/// beyond prompt and completion is reasoning that the completion leaves out (xAI, Gemini): it is made part of it, since
/// it is paid as such. Whether the object could be walked to its end.
bool read_usage(simdjson::ondemand::value json, std::optional<token_usage>& usage);

} // namespace gateway

#pragma once

#include <simdjson.h>

#include <cstdint>

namespace gateway {

/// Adds the estimated tokens, in hundredths, of what one choice of an answer says: its `message`, `delta` or `text`.
/// That is content, reasoning, a refusal, and the names and arguments of calls. Whether it could be walked to its end.
bool weigh_message(simdjson::ondemand::value message, std::uint64_t& hundredths);

/// The same for a text; anything else weighs nothing.
void weigh_text(simdjson::ondemand::value text, std::uint64_t& hundredths);

} // namespace gateway

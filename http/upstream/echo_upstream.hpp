#pragma once

#include "http/upstream/http_answer.hpp"
#include "http/upstream/upstream.hpp"

#include <memory>

namespace gateway {

/// The built-in model: answers chats and prompts with what it was told, whole or as a stream, and inputs with vectors
/// of their words; reports its usage. An answer has 65,536 words at most.
std::unique_ptr<upstream> make_echo_upstream(const answer_bounds& bounds);

} // namespace gateway

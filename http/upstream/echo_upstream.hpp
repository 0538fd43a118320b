#pragma once

#include "http/upstream/upstream.hpp"

#include <memory>

namespace gateway {

/// The built-in model: answers chats and prompts with what it was told, whole or as a stream, and inputs with vectors
/// of their words; reports its usage.
std::unique_ptr<upstream> make_echo_upstream();

} // namespace gateway

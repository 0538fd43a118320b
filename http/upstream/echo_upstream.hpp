#pragma once

#include "http/upstream/upstream.hpp"

#include <memory>

namespace gateway {

/// The built-in model: answers with what it was told, whole or as a stream, and reports its usage.
std::unique_ptr<upstream> make_echo_upstream();

} // namespace gateway

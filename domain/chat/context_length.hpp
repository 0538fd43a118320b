#pragma once

#include "domain/chat/answer_scan.hpp"

namespace gateway {

/// Whether a provider refuses a request because it is too long for the model: one with a longer context may take it.
bool is_context_length_error(const upstream_error& error);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"
#include "http/journey/surface.hpp"

namespace gateway {

/// The walk of a model request past AUTH, QUOTA, CHAT UPSTREAM and AUDIT: authenticate, read, admit, pick a target,
/// call it, relay, settle, record. Only this knows the order. However it ends, the caller has an answer, the hold is
/// settled or given back, and the record is written (by the ends of `held_quota`, `called_target` and `exchange`).
task<void> journey(exchange& talk, const model_surface& how);

} // namespace gateway

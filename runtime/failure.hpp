#pragma once

#include "domain/error.hpp"

#include <caf/error.hpp>

namespace gateway {

/// A failure as an actor's answer. Return it, never throw: an exception ends the actor.
caf::error to_error(failure why);

/// The failure in an actor's answer. What did not come from `to_error` (the actor died, the ask was not
/// answered in time) is `dependency_unavailable` with `retry_after` 1 s.
failure to_failure(const caf::error& error);

} // namespace gateway

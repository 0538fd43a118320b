#pragma once

#include "http/exchange.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/surface.hpp"
#include "http/upstream/upstream.hpp"

namespace gateway {

/// Brings a provider's answer to the caller, whole or event by event, and notes what it used in the record and the
/// hold. A failure means that the caller still has to be told; after the first event of a stream that is its last
/// event.
task<result<void>> relay(exchange& talk, const model_surface& how, const model_request& wanted, upstream_answer& answer,
                         held_quota& hold);

} // namespace gateway

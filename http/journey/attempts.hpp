#pragma once

#include "domain/principal.hpp"
#include "http/exchange.hpp"
#include "http/journey/admission.hpp"
#include "http/journey/surface.hpp"

namespace gateway {

/// From the hold to the end of the answer: asks CHAT UPSTREAM for a target, calls it and relays, and goes on with the
/// next step of a `call_plan` as long as the caller has seen nothing and something can still help. The failure is that
/// of the last call.
task<result<void>> call_upstreams(exchange& talk, const model_surface& how, model_request wanted, principal_ptr who,
                                  admission& granted);

} // namespace gateway

#pragma once

#include "http/exchange.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/surface.hpp"
#include "http/upstream/upstream.hpp"

namespace gateway {

/// Brings a provider's answer to the caller, whole or event by event, and notes what it used in the record and the
/// hold. A failure means that the caller still has to be told: while it has seen nothing (`talk.reply.started()`), by
/// another call or a plain error; later by the stream's last event. With the first event the request's body is let go.
task<result<void>> relay(exchange& talk, const model_surface& how, model_request& wanted, upstream_answer& answer,
                         held_quota& hold);

} // namespace gateway

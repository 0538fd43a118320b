#pragma once

#include "http/exchange.hpp"
#include "http/journey/admission.hpp"
#include "http/journey/surface.hpp"
#include "http/journey/tally.hpp"
#include "http/upstream/upstream.hpp"

namespace gateway {

/// Brings a provider's answer to the caller, whole or event by event, and notes what it used. A failure means that the
/// caller still has to be told: while it has seen nothing (`talk.reply.started()`), by another call or a plain error;
/// later by the stream's last event. With the first event the request's body is let go.
task<result<void>> relay(exchange& talk, const model_surface& how, model_request& wanted, upstream_answer& answer,
                         admission& granted, tally& used);

} // namespace gateway

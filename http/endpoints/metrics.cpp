#include "http/endpoints/metrics.hpp"

#include "domain/metrics/exposition.hpp"
#include "domain/metrics/gateway_metrics.hpp"
#include "runtime/ask.hpp"
#include "runtime/process_usage.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace gateway {

task<void> show_metrics(exchange& talk) {
  const auto people = talk.house.people;
  gateway_metrics all;
  for (const auto& each : people->acceptors) {
    const auto counted = co_await ask(each, metrics_atom::value);
    if (!counted) co_return co_await talk.refuse(unavailable("a worker does not say what it has counted"));
    all.counts.merge(**counted);
  }
  all.restarts = people->restarts;
  all.actors = talk.house.here.system().registry().running();
  all.process = process_usage_now();
  all.version = GATEWAY_VERSION;
  const auto text = to_exposition(all);
  co_await talk.reply.send(200, exposition::content_type, text);
}

} // namespace gateway

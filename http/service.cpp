#include "http/service.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

request_limits limits_of(const config& what) {
  return {
      .header_bytes = static_cast<std::uint32_t>(what.limits.header_bytes),
      .body_bytes = what.limits.request_bytes,
      .idle = what.timeouts.client.idle,
      .header = what.timeouts.client.header,
      .body = what.timeouts.client.body,
  };
}

std::size_t share(std::size_t whole, std::size_t workers) { return std::max<std::size_t>(whole / workers, 1); }

} // namespace

service::service(const config& what, std::shared_ptr<const route_table> table, worker& where, std::size_t workers)
    : settings(what),
      routes(std::move(table)),
      here(where),
      limits(limits_of(what)),
      most_sessions(share(what.limits.connections, workers)),
      most_in_flight(share(what.limits.in_flight, workers)),
      seats(most_in_flight),
      models(what, where, workers, seats),
      outbox(where, people, share(what.topology.audit.queue, workers), what.topology.audit.batch),
      correction(what.models.size()) {}

micro_dollars service::cost_of(const std::string& pattern, const token_usage& usage) const {
  const auto found = routes->routes().find(pattern);
  if (found == routes->routes().end() || !found->second.cost) return 0;
  return gateway::cost_of(*found->second.cost, usage);
}

worker_metrics_ptr service::metrics() const {
  auto copy = std::make_shared<worker_metrics>(counts);
  copy->in_flight = in_flight;
  copy->sessions = sessions.size();
  copy->audit_queue = outbox.size();
  copy->audit_records = outbox.records();
  return copy;
}

} // namespace gateway

#include "http/service.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

request_limits limits_of(const config& what, byte_account& room) {
  return {
      .header_bytes = static_cast<std::uint32_t>(what.limits.header_bytes),
      .body_bytes = what.limits.request_bytes,
      .idle = what.timeouts.client.idle,
      .header = what.timeouts.client.header,
      .body = what.timeouts.client.body,
      .room = &room,
  };
}

std::size_t share(std::size_t whole, std::size_t workers) { return std::max<std::size_t>(whole / workers, 1); }

outbox_settings outbox_of(const audit_spec& what, std::size_t workers) {
  return {.most = share(what.queue, workers),
          .batch = what.batch,
          .is_awaited = what.durability != audit_durability::async};
}

} // namespace

service::service(const config& what, std::shared_ptr<const route_table> table, std::shared_ptr<byte_pool> bytes,
                 worker& where, std::size_t workers)
    : settings(what),
      routes(std::move(table)),
      here(where),
      buffered(std::move(bytes), what.limits.buffered_bytes, what.limits.request_bytes, workers),
      limits(limits_of(what, buffered)),
      most_sessions(share(what.limits.connections, workers)),
      most_in_flight(share(what.limits.in_flight, workers)),
      seats(most_in_flight),
      models(what, where, workers, seats, buffered),
      outbox(where, people, outbox_of(what.topology.audit, workers)) {}

worker_metrics_ptr service::metrics() const {
  auto copy = std::make_shared<worker_metrics>(counts);
  copy->in_flight = in_flight;
  copy->sessions = sessions.size();
  copy->buffered_bytes = buffered.held();
  copy->audit_queue = outbox.size();
  copy->audit_records = outbox.records();
  return copy;
}

} // namespace gateway

#pragma once

#include "actors/interfaces.hpp"
#include "config/config.hpp"
#include "domain/chat/token_correction.hpp"
#include "domain/fairness/tenant_places.hpp"
#include "domain/metrics/worker_metrics.hpp"
#include "domain/route.hpp"
#include "http/door/session_list.hpp"
#include "http/journey/audit_outbox.hpp"
#include "http/upstream/upstreams.hpp"
#include "http/wire/request_reader.hpp"
#include "runtime/byte_account.hpp"
#include "runtime/worker.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace gateway {

/// What the sessions of one worker share, and nobody else touches: their neighbours, their list, their upstream
/// connections, their records on the way to AUDIT.
struct service {
  /// `bytes` is shared by all workers.
  service(const config& what, std::shared_ptr<const route_table> table, std::shared_ptr<byte_pool> bytes, worker& where,
          std::size_t workers);

  /// Those that serve this worker, as long as `people` are the same; nobody, which refuses every question, while there
  /// is none.
  const auth_actor& auth() const { return mine(people->auth); }
  const chat_upstream_actor& chat_upstream() const { return mine(people->chat_upstream); }
  /// What was counted here until now, and how things stand.
  worker_metrics_ptr metrics() const;

  const config& settings;
  std::shared_ptr<const route_table> routes;
  worker& here;
  byte_account buffered; ///< What bodies and answers take here, of `limits.buffered_bytes`.
  request_limits limits;
  std::size_t most_sessions;                            ///< This worker's share of `limits.connections`.
  std::size_t most_in_flight;                           ///< And of `limits.in_flight`.
  roster_ptr people = std::make_shared<const roster>(); ///< Empty until the first one, and after the last.
  bool draining = false;
  std::size_t in_flight = 0; ///< Model requests that run now.
  tenant_places seats;       ///< Whose they are, once that is known.
  session_list sessions;
  std::mt19937_64 random{std::random_device{}()}; ///< For the jitter of retries.
  upstreams models;
  audit_outbox outbox;
  std::chrono::milliseconds audit_patience{5000}; ///< How long an answer waits for its record to be committed.
  token_correction correction;
  worker_metrics counts; ///< Without the gauges: `metrics` fills them in.

 private:
  template <class Handle>
  const Handle& mine(const std::vector<Handle>& all) const {
    static const Handle nobody;
    return all.empty() ? nobody : all[here.index() % all.size()];
  }
};

} // namespace gateway

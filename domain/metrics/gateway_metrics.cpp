#include "domain/metrics/gateway_metrics.hpp"

#include "domain/metrics/exposition.hpp"

namespace gateway {
namespace {

constexpr unsigned micro_digits = 6;
constexpr unsigned milli_digits = 3;

void write_requests(exposition& out, const worker_metrics& counts) {
  out.metric("gateway_requests_total", "counter", "Requests that ended, by HTTP status and error code.");
  for (const auto* entry : in_order(counts.requests)) {
    const auto& labels = entry->first;
    out.sample({{"endpoint", labels.endpoint},
                {"model", labels.model},
                {"status", std::to_string(labels.status)},
                {"code", labels.code}},
               entry->second);
  }
  const auto endpoints = in_order(counts.endpoints);
  out.metric("gateway_request_duration_seconds", "histogram", "From the whole request read to the end of its answer.");
  for (const auto* entry : endpoints) out.sample({{"endpoint", entry->first}}, entry->second.whole);
  out.metric("gateway_overhead_seconds", "histogram", "The same without the time spent waiting for upstreams.");
  for (const auto* entry : endpoints) out.sample({{"endpoint", entry->first}}, entry->second.own);
}

void write_models(exposition& out, const worker_metrics& counts) {
  const auto models = in_order(counts.models);
  out.metric("gateway_time_to_first_token_seconds", "histogram",
             "From the whole request read to the first event of its stream.");
  for (const auto* entry : models) out.sample({{"model", entry->first}}, entry->second.first_token);
  out.metric("gateway_tokens_total", "counter",
             "Tokens used. Cached ones are prompt tokens too, reasoning ones completion tokens.");
  for (const auto* entry : models) {
    const auto& tokens = entry->second.tokens;
    out.sample({{"model", entry->first}, {"kind", "prompt"}}, tokens.prompt_tokens);
    out.sample({{"model", entry->first}, {"kind", "completion"}}, tokens.completion_tokens);
    out.sample({{"model", entry->first}, {"kind", "cached"}}, tokens.cached_tokens);
    out.sample({{"model", entry->first}, {"kind", "reasoning"}}, tokens.reasoning_tokens);
  }
  out.metric("gateway_cost_usd_total", "counter", "Cost in US dollars, by the prices of the config.");
  for (const auto* entry : models) out.sample({{"model", entry->first}}, entry->second.cost, micro_digits);
}

void write_upstreams(exposition& out, const worker_metrics& counts) {
  out.metric("gateway_upstream_requests_total", "counter", "Calls to upstreams, by how they ended.");
  for (const auto* entry : in_order(counts.upstreams)) {
    const auto& ended = entry->second;
    out.sample({{"upstream", entry->first}, {"outcome", "answered"}}, ended[verdict::answered]);
    out.sample({{"upstream", entry->first}, {"outcome", "failed"}}, ended[verdict::failed]);
    out.sample({{"upstream", entry->first}, {"outcome", "declined"}}, ended[verdict::declined]);
    out.sample({{"upstream", entry->first}, {"outcome", "abandoned"}}, ended[verdict::abandoned]);
  }
}

void write_house(exposition& out, const gateway_metrics& all) {
  const auto& counts = all.counts;
  out.metric("gateway_in_flight", "gauge", "Model requests that run now.");
  out.sample({}, counts.in_flight);
  out.metric("gateway_sessions", "gauge", "Connections of callers.");
  out.sample({}, counts.sessions);
  out.metric("gateway_buffered_bytes", "gauge", "Bytes of requests and answers that are held now.");
  out.sample({}, counts.buffered_bytes);
  out.metric("gateway_actors", "gauge", "Actors that run now.");
  out.sample({}, all.actors);
  out.metric("gateway_audit_queue", "gauge", "Entries of the audit log that are not committed yet.");
  out.sample({}, counts.audit_queue);
  out.metric("gateway_audit_records_total", "counter", "Records of ended requests that were committed.");
  out.sample({}, counts.audit_records);
  out.metric("gateway_quota_refusals_total", "counter", "Requests that a limit refused, by limit and by whose it is.");
  for (const auto scope : {limit_scope::key, limit_scope::tenant})
    for (std::size_t kind = 0; kind < limit_kinds; ++kind)
      out.sample({{"limit", to_string(static_cast<limit_kind>(kind))}, {"scope", to_string(scope)}},
                 counts.refusals[static_cast<std::size_t>(scope)][kind]);
  out.metric("gateway_actor_restarts_total", "counter", "Actors that died and were started again.");
  for (const auto& [actor, restarts] : all.restarts) out.sample({{"actor", actor}}, restarts);
  out.metric("gateway_build_info", "gauge", "Always 1; the labels say what runs.");
  out.sample({{"version", all.version}}, 1);
}

void write_process(exposition& out, const process_usage& usage) {
  out.metric("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.");
  out.sample({}, static_cast<std::uint64_t>(usage.cpu.count()), micro_digits);
  out.metric("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.");
  out.sample({}, usage.resident_bytes);
  out.metric("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.");
  out.sample({}, usage.virtual_bytes);
  out.metric("process_open_fds", "gauge", "Number of open file descriptors.");
  out.sample({}, usage.open_files);
  out.metric("process_max_fds", "gauge", "Maximum number of open file descriptors.");
  out.sample({}, usage.most_open_files);
  out.metric("process_start_time_seconds", "gauge", "Start time of the process since the Unix epoch in seconds.");
  out.sample({}, static_cast<std::uint64_t>(usage.started_at.time_since_epoch().count()), milli_digits);
}

} // namespace

std::string to_exposition(const gateway_metrics& all) {
  exposition out;
  write_requests(out, all.counts);
  write_models(out, all.counts);
  write_upstreams(out, all.counts);
  write_house(out, all);
  write_process(out, all.process);
  return out.take();
}

} // namespace gateway

#include "domain/metrics/worker_metrics.hpp"

namespace gateway {
namespace {

std::string_view or_none(std::string_view label) { return label.empty() ? no_label : label; }

void add(token_usage& to, const token_usage& more) {
  to.prompt_tokens += more.prompt_tokens;
  to.completion_tokens += more.completion_tokens;
  to.cached_tokens += more.cached_tokens;
  to.reasoning_tokens += more.reasoning_tokens;
}

} // namespace

void worker_metrics::count(const ended_request& what) {
  const request_labels_view labels{or_none(what.labels.endpoint), or_none(what.labels.model), what.labels.status,
                                   or_none(what.labels.code)};
  ++value_of(requests, labels);
  auto& times = value_of(endpoints, labels.endpoint);
  times.whole.observe(what.took);
  times.own.observe(what.took - what.waited);
  if (what.labels.model.empty()) return;
  auto& totals = value_of(models, labels.model);
  if (what.first_token) totals.first_token.observe(*what.first_token);
  add(totals.tokens, what.usage);
  totals.cost += what.cost;
}

void worker_metrics::count_turned_away(int status, std::string_view code) {
  ++value_of(requests, {no_label, no_label, status, or_none(code)});
}

void worker_metrics::count_refusal(limit_scope scope, limit_kind kind) {
  ++refusals[static_cast<std::size_t>(scope)][static_cast<std::size_t>(kind)];
}

void worker_metrics::merge(const worker_metrics& other) {
  for (const auto& [labels, count] : other.requests) requests[labels] += count;
  for (const auto& [endpoint, times] : other.endpoints) {
    endpoints[endpoint].whole.merge(times.whole);
    endpoints[endpoint].own.merge(times.own);
  }
  for (const auto& [model, totals] : other.models) {
    auto& mine = models[model];
    mine.first_token.merge(totals.first_token);
    add(mine.tokens, totals.tokens);
    mine.cost += totals.cost;
  }
  for (const auto& [upstream, outcomes] : other.upstreams)
    for (const auto how : {verdict::answered, verdict::failed, verdict::declined, verdict::abandoned})
      upstreams[upstream][how] += outcomes[how];
  for (std::size_t scope = 0; scope < refusals.size(); ++scope)
    for (std::size_t kind = 0; kind < limit_kinds; ++kind) refusals[scope][kind] += other.refusals[scope][kind];
  in_flight += other.in_flight;
  sessions += other.sessions;
  buffered_bytes += other.buffered_bytes;
  audit_queue += other.audit_queue;
  audit_records += other.audit_records;
}

} // namespace gateway

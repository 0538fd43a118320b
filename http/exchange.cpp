#include "http/exchange.hpp"

#include "domain/api_key.hpp"
#include "http/log.hpp"
#include "http/wire/status.hpp"

#include <utility>

namespace gateway {

exchange::exchange(service& the_house, request what, responder& to, caller_presence who)
    : house(the_house), asked(std::move(what)), reply(to), caller(who) {
  record.created_at = wall_clock_now();
  record.request_id = reply.request_id();
  record.method = asked.method();
}

exchange::~exchange() {
  if (!reply.ended() && record.error_code.empty()) caller_left();
  if (record.status == 0) record.status = reply.status();
  const auto now = std::chrono::steady_clock::now();
  const auto took = now - began_;
  record.latency_ms = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  count(now);
  // Probes ask all the time, and are not what an operator looks for.
  const auto level = record.status >= 500 ? log_level::warn : quiet ? log_level::debug : log_level::info;
  if (log_wants(level)) {
    log_event(level, "request",
              {{"request_id", record.request_id},
               {"tenant_id", record.tenant_id},
               {"key_id", record.key_id},
               {"admin", record.admin},
               {"method", record.method},
               {"endpoint", record.endpoint},
               {"model", record.model},
               {"upstream", record.upstream},
               {"status", record.status},
               {"code", record.error_code},
               {"reason", note_},
               {"latency_ms", record.latency_ms}});
  }
  if (!audited) return;
  if (record.id.empty()) record.id = mint_uuid();
  house.outbox.settle(record);
}

void exchange::count(std::chrono::steady_clock::time_point now) const {
  ended_request ended;
  ended.labels = {record.endpoint, model_label, record.status, record.error_code};
  ended.took = now - began_;
  ended.waited = upstream_time.total(now);
  ended.first_token = first_token;
  ended.usage = record.usage;
  ended.cost = record.cost;
  house.counts.count(ended);
}

void exchange::announce_upstream() {
  if (record.attempts == 0) return;
  reply.add_header("x-gateway-upstream", record.upstream);
  reply.add_header("x-gateway-attempts", std::to_string(record.attempts));
  if (!upstream_request_id.empty()) reply.add_header("x-upstream-request-id", upstream_request_id);
}

task<void> exchange::refuse(failure why) {
  record.error_code = to_string(why.code);
  record.status = reply.started() ? reply.status() : http_status(why);
  note_ = why.note;
  co_await reply.refuse(why);
}

void exchange::caller_left() {
  record.error_code = to_string(ec::cancelled);
  if (!record.stream || !reply.started()) record.status = status_of(ec::cancelled).status;
}

} // namespace gateway

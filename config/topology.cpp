#include "config/topology.hpp"

#include "config/describe.hpp"
#include "config/memory_ceiling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gateway {

namespace {

/// Rows of a name and what there is to say about it, under a heading.
class page {
 public:
  void heading(std::string_view text) { out_ += fmt::format("{}{}\n", out_.empty() ? "" : "\n", text); }
  void row(std::string_view name, std::string_view text) { out_ += fmt::format("  {:<24} {}\n", name, text); }
  void actor(std::string_view name, std::size_t count, std::string_view text) {
    out_ += fmt::format("  {:<16} {:>5}   {}\n", name, count, text);
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

} // namespace

topology_spec resolved(topology_spec what, std::size_t cores) {
  if (what.workers == 0) what.workers = std::max<std::size_t>(1, cores);
  if (what.auth_replicas == 0) what.auth_replicas = what.workers;
  if (what.chat_upstream_replicas == 0) what.chat_upstream_replicas = what.workers;
  return what;
}

std::string describe_topology(const config& what, std::size_t cores) {
  const auto many = resolved(what.topology, cores);
  page out;
  out.heading("server");
  out.row("listens on", describe(what.listen));
  if (what.listen.tls.on()) out.row("certificates", describe(what.listen.tls));
  out.row("admin token", describe(what.admin));
  out.row("worker threads", std::to_string(many.workers));
  out.row("keys and quotas", what.storage.gateway_db.string());
  out.row("audit log", what.storage.audit_db.string());
  out.row("records are kept", describe(what.audit));
  out.row("log level", to_string(what.log.level));

  out.heading("actors");
  out.actor("supervisor", 1, "starts and restarts the others");
  out.actor("acceptor", many.workers, "one a worker");
  out.actor("auth", many.auth_replicas, "knows the keys");
  out.actor("quota", many.quota_shards, "shards by tenant");
  out.actor("chat_upstream", many.chat_upstream_replicas, "picks targets");
  out.actor("keys", 1, "a thread of its own");
  out.actor("ledger", 1, "a thread of its own");
  out.actor("audit", 1,
            fmt::format("a thread of its own; queue {}, batch {}, {}", many.audit.queue, many.audit.batch,
                        to_string(many.audit.durability)));

  out.heading("upstreams");
  for (const auto& [name, upstream] : what.upstreams) out.row(name, describe(upstream));
  out.heading("models");
  for (const auto& [name, entry] : what.models) out.row(name, describe(entry));
  out.row("(none named)", what.default_model.empty() ? "refused" : "-> " + what.default_model);

  out.heading("limits");
  out.row("connections", std::to_string(what.limits.connections));
  out.row("requests in flight", std::to_string(what.limits.in_flight));
  out.row("request",
          fmt::format("{}, header {}", in_bytes(what.limits.request_bytes), in_bytes(what.limits.header_bytes)));
  out.row("event of a stream", in_bytes(what.limits.event_bytes));
  out.row("answer of an upstream", in_bytes(what.limits.answer_bytes));
  out.row("buffered", in_bytes(what.limits.buffered_bytes));
  const auto& client = what.timeouts.client;
  out.row("callers have", fmt::format("header {}, body {}, idle {}, drain {}", in_seconds(client.header),
                                      in_seconds(client.body), in_seconds(client.idle), in_seconds(client.drain)));
  if (client.stream_keepalive.count() > 0) {
    out.row("silent streams", fmt::format("a comment every {}", in_seconds(client.stream_keepalive)));
  }
  out.row("retries", describe(what.retry));
  out.row("a key's day",
          fmt::format("{} requests, {} tokens", what.quota_defaults.requests, what.quota_defaults.tokens));

  out.heading("memory, at most, in bytes");
  const auto terms = memory_terms(what, cores);
  for (const auto& each : terms) out.row(each.what, fmt::format("{} x {} = {}", each.count, each.each, each.bytes()));
  const auto ceiling = memory_ceiling(terms);
  out.row("ceiling", fmt::format("{} bytes, {} MiB", ceiling, ceiling >> 20));
  return std::move(out).take();
}

} // namespace gateway

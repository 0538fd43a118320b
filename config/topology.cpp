#include "config/topology.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace gateway {

namespace {

std::string in_seconds(std::chrono::milliseconds span) {
  return fmt::format("{}s", std::chrono::duration<double>(span).count());
}

std::string in_bytes(std::uint64_t bytes) {
  if (bytes % (1 << 20) == 0) return fmt::format("{} MiB", bytes >> 20);
  if (bytes % (1 << 10) == 0) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} bytes", bytes);
}

std::string token_state(const secret& token) {
  if (token.empty()) return "none: the admin endpoints are closed";
  return token.reveal() == default_admin_token ? "the default one, for loopback only" : "set";
}

std::string describe(const upstream_spec& upstream) {
  if (upstream.kind == upstream_kind::echo) return "built in: answers with what it was told";
  const auto& limit = upstream.timeouts;
  return fmt::format(
      "{} at {}, {}, {} connections; connect {}, first byte {}, first token {}, between tokens {}, total {}",
      to_string(upstream.kind), to_string(upstream.base_url), upstream.api_keys.empty() ? "no api key" : "api key set",
      upstream.connections, in_seconds(limit.connect), in_seconds(limit.first_byte), in_seconds(limit.first_token),
      in_seconds(limit.between_tokens), in_seconds(limit.total));
}

std::string describe(const target& to, const route& entry) {
  std::string out = to.upstream;
  if (!to.model.empty()) out += " as " + to.model;
  if (entry.targets.size() == 1) return out;
  if (entry.how == strategy::weighted) out += fmt::format(" (weight {})", to.weight);
  if (entry.how == strategy::priority) out += fmt::format(" (priority {})", to.priority);
  return out;
}

std::string describe(const route& entry) {
  std::vector<std::string> targets;
  for (const auto& to : entry.targets) targets.push_back(describe(to, entry));
  std::string out = fmt::format("{}", fmt::join(targets, ", "));
  if (entry.targets.size() > 1) out += fmt::format("; {}", to_string(entry.how));
  out += fmt::format("; retries {}", entry.retries);
  if (!entry.fallbacks.empty()) out += fmt::format("; then {}", fmt::join(entry.fallbacks, ", "));
  if (entry.cost) out += fmt::format("; ${} in, ${} out a million tokens", entry.cost->input, entry.cost->output);
  return out;
}

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
  const base_url here{.tls = false, .host = what.listen.host, .port = what.listen.port, .path = {}};
  out.row("listens on", what.listen.port == 0 ? to_string(here) + " (any free port)" : to_string(here));
  out.row("admin token", token_state(what.admin.token));
  out.row("worker threads", std::to_string(many.workers));
  out.row("keys and quotas", what.storage.gateway_db.string());
  out.row("audit log", what.storage.audit_db.string());
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
  out.row("buffered", in_bytes(what.limits.buffered_bytes));
  const auto& client = what.timeouts.client;
  out.row("callers have", fmt::format("header {}, body {}, idle {}, drain {}", in_seconds(client.header),
                                      in_seconds(client.body), in_seconds(client.idle), in_seconds(client.drain)));
  out.row("a key's day",
          fmt::format("{} requests, {} tokens", what.quota_defaults.requests, what.quota_defaults.tokens));
  return std::move(out).take();
}

} // namespace gateway

#include "config/describe.hpp"

#include "config/names.hpp"
#include "config/proxy_url.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <tuple>
#include <vector>

namespace gateway {

namespace {

std::string how_many_keys(std::size_t count) {
  if (count == 0) return "no api key";
  return count == 1 ? "api key set" : fmt::format("{} api keys", count);
}

bool is_default(const breaker_settings& breaker) {
  const auto all = [](const breaker_settings& of) {
    return std::tie(of.consecutive_failures, of.error_rate, of.min_calls, of.window, of.open_for);
  };
  const breaker_settings standard;
  return all(breaker) == all(standard);
}

std::string describe(const breaker_settings& breaker) {
  std::vector<std::string> reasons;
  if (breaker.consecutive_failures > 0) {
    reasons.push_back(fmt::format("{} failures in a row", breaker.consecutive_failures));
  }
  if (breaker.error_rate > 0) {
    reasons.push_back(fmt::format("{:g}% of at least {} calls failing in {}", 100 * breaker.error_rate,
                                  breaker.min_calls, in_seconds(breaker.window)));
  }
  if (reasons.empty()) return "breaker off";
  return fmt::format("breaker opens for {} after {}", in_seconds(breaker.open_for), fmt::join(reasons, " or "));
}

std::string describe(const tls_trust& trust) {
  std::string out;
  if (!trust.ca_file.empty()) out += fmt::format(", trusts {}", trust.ca_file.string());
  if (trust.insecure_skip_verify) out += ", WARNING: insecure_skip_verify, its certificate is not checked";
  return out;
}

std::string describe(const target& to, const route& entry) {
  std::string out = to.upstream;
  if (!to.model.empty()) out += " as " + to.model;
  if (entry.targets.size() == 1) return out;
  if (entry.how == strategy::weighted) out += fmt::format(" (weight {})", to.weight);
  if (entry.how == strategy::priority) out += fmt::format(" (priority {})", to.priority);
  return out;
}

} // namespace

std::string in_seconds(std::chrono::milliseconds span) {
  return fmt::format("{}s", std::chrono::duration<double>(span).count());
}

std::string in_bytes(std::uint64_t bytes) {
  if (bytes % (1 << 20) == 0) return fmt::format("{} MiB", bytes >> 20);
  if (bytes % (1 << 10) == 0) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} bytes", bytes);
}

std::string describe(const listen_spec& listen) {
  const base_url here{.tls = listen.tls.on(), .host = listen.host, .port = listen.port, .path = {}};
  return listen.port == 0 ? to_string(here) + " (any free port)" : to_string(here);
}

std::string describe(const listen_tls_spec& tls) {
  const auto own = fmt::format("{}; callers' ", tls.certificate_file.string());
  if (tls.clients == client_certificates::off) return own + "are not asked for";
  return own + fmt::format("are {}, signed by {}", to_string(tls.clients), tls.client_ca_file.string());
}

std::string describe(const admin_spec& admin) {
  if (admin.token.empty() && admin.tokens.empty()) return "none: the admin endpoints are closed";
  std::string out = admin.token.empty()                           ? "none"
                    : admin.token.reveal() == default_admin_token ? "the default one, for loopback only"
                                                                  : "set";
  for (const auto& each : admin.tokens)
    out += fmt::format(", {} ({})", each.name, name_of(admin_role_names, each.role));
  return out;
}

std::string describe(const audit_log_spec& audit) {
  std::vector<std::string> bounds;
  if (audit.retention_days > 0) bounds.push_back(fmt::format("{} days", audit.retention_days));
  if (audit.max_bytes > 0) bounds.push_back(in_bytes(audit.max_bytes));
  return fmt::format("{}; chained {} a key; interrupted requests: {}",
                     bounds.empty() ? "for ever" : fmt::format("at most {}", fmt::join(bounds, " and ")),
                     audit.chain_key.empty() ? "without" : "with", name_of(interrupted_names, audit.interrupted));
}

std::string describe(const retry_settings& retry) {
  return fmt::format(
      "after {} to {}, or what the upstream asks for up to {}; at most {:g}% more calls, or {:g} a second",
      in_seconds(retry.base_delay), in_seconds(retry.max_delay), in_seconds(retry.max_wait), 100 * retry.budget_ratio,
      retry.budget_min_per_second);
}

std::string describe(const upstream_spec& upstream) {
  if (upstream.kind == upstream_kind::echo) return "built in: answers with what it was told";
  const auto& limit = upstream.timeouts;
  std::string out = fmt::format("{} at {}, {}, {} connections, queue of {} for {}", to_string(upstream.kind),
                                to_string(upstream.base_url), how_many_keys(upstream.api_keys.size()),
                                upstream.connections, upstream.queue, in_seconds(upstream.queue_for));
  if (!upstream.https_proxy.empty()) out += ", through the proxy " + to_string(upstream.https_proxy);
  out += describe(upstream.trust);
  out += fmt::format("; connect {}, first byte {}, first token {}, between tokens {}, total {}",
                     in_seconds(limit.connect), in_seconds(limit.first_byte), in_seconds(limit.first_token),
                     in_seconds(limit.between_tokens), in_seconds(limit.total));
  if (!is_default(upstream.breaker)) out += "; " + describe(upstream.breaker);
  return out;
}

std::string describe(const route& entry) {
  std::vector<std::string> targets;
  for (const auto& to : entry.targets) targets.push_back(describe(to, entry));
  std::string out = fmt::format("{}", fmt::join(targets, ", "));
  if (entry.targets.size() > 1) out += fmt::format("; {}", to_string(entry.how));
  out += fmt::format("; retries {}", entry.retries);
  if (!entry.fallbacks.empty()) out += fmt::format("; then {}", fmt::join(entry.fallbacks, ", "));
  if (!entry.context_window_fallbacks.empty()) {
    out += fmt::format("; prompts too long to {}", fmt::join(entry.context_window_fallbacks, ", "));
  }
  if (!entry.aliases.empty()) out += fmt::format("; also called {}", fmt::join(entry.aliases, ", "));
  if (entry.cost)
    out += fmt::format("; ${} in, ${} out a million tokens", to_dollars(entry.cost->input),
                       to_dollars(entry.cost->output));
  return out;
}

} // namespace gateway

#include "config/checks.hpp"

#include "config/admin_checks.hpp"
#include "config/reading/complaint.hpp"
#include "config/reading/text_file.hpp"
#include "config/route_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace gateway {

namespace {

constexpr std::size_t largest_pem = 16 << 20;

void check_readable(std::string pointer, const std::filesystem::path& file, complaints& said) {
  if (file.empty()) return;
  if (const auto text = read_text_file(file, largest_pem); !text) said.add_news(std::move(pointer), text.error());
}

void check_tls(const listen_tls_spec& tls, complaints& said) {
  const std::string certificate = "/listen/tls/certificate_file";
  const std::string key = "/listen/tls/key_file";
  const std::string authority = "/listen/tls/client_ca_file";
  const bool asks = tls.clients != client_certificates::off;
  if (tls.on() && tls.key_file.empty()) said.add_news(key, "is needed with certificate_file");
  if (!tls.on() && !tls.key_file.empty()) said.add_news(certificate, "is needed with key_file");
  if (!tls.on() && (asks || !tls.client_ca_file.empty())) {
    said.add_news(certificate, "is needed: callers show certificates over TLS only");
  }
  if (asks && tls.client_ca_file.empty()) said.add_news(authority, "is needed unless client_certificates is off");
  if (!asks && !tls.client_ca_file.empty()) {
    said.add_news("/listen/tls/client_certificates",
                  "must be optional or required where client_ca_file is set, or no caller is asked for a certificate");
  }
  check_readable(certificate, tls.certificate_file, said);
  check_readable(key, tls.key_file, said);
  check_readable(authority, tls.client_ca_file, said);
}

void check_door(const config& what, complaints& said) {
  if (!is_host(what.listen.host)) {
    said.add_news("/listen/host",
                  "must be an address (IPv6 without brackets) or a host name; 0.0.0.0 is every interface");
  }
}

void check_sizes(const config& what, complaints& said) {
  if (what.limits.buffered_bytes < what.limits.request_bytes) {
    said.add_news("/limits/buffered_bytes", "must be at least limits.request_bytes, or no such request could be taken");
  }
  if (what.topology.audit.batch > what.topology.audit.queue) {
    said.add_news("/topology/audit/batch", "must not be more than topology.audit.queue");
  }
}

std::filesystem::path full(const std::filesystem::path& path) {
  std::error_code nowhere; // the working directory is gone: then the path as it is must do
  const auto absolute = std::filesystem::absolute(path, nowhere);
  return (nowhere ? path : absolute).lexically_normal();
}

void check_storage(const config& what, complaints& said) {
  const auto& [directory, gateway_db, audit_db] = what.storage;
  if (directory.empty()) said.add_news("/storage/directory", "must not be empty; . is the working directory");
  if (full(gateway_db) == full(audit_db)) {
    said.add_news("/storage/audit_file", "must be another file than gateway.db, which holds the keys");
  }
}

void check_retry(const retry_settings& retry, complaints& said) {
  if (retry.max_delay >= retry.base_delay || said.about("/retry/base_delay_s")) return;
  said.add_news("/retry/max_delay_s", "must not be less than base_delay_s");
}

// What only an encrypted connection has.
void check_trust(const std::string& here, const upstream_spec& upstream, complaints& said) {
  const auto refuse = [&](bool given, std::string_view key) {
    if (given) said.add_news(below(here, key), "is for a base_url that starts with https://");
  };
  if (!upstream.base_url.tls && !said.about(below(here, "base_url")) && !said.about(below(here, "kind"))) {
    refuse(!upstream.trust.ca_file.empty(), "ca_file");
    refuse(upstream.trust.insecure_skip_verify, "insecure_skip_verify");
    refuse(!upstream.https_proxy.empty(), "https_proxy");
  }
  check_readable(below(here, "ca_file"), upstream.trust.ca_file, said);
}

void check_upstreams(const config& what, complaints& said) {
  for (const auto& [name, upstream] : what.upstreams) {
    const auto here = below("/upstreams", name);
    if (!is_plain_name(name)) said.add_news(here, plain_name_rule);
    if (upstream.kind != upstream_kind::echo && upstream.base_url.empty() && !said.about(below(here, "kind"))) {
      said.add_news(below(here, "base_url"),
                    fmt::format("is needed for kind {}, such as https://api.openai.com/v1", to_string(upstream.kind)));
    }
    check_trust(here, upstream, said);
  }
}

} // namespace

void check(const config& what, complaints& said) {
  check_door(what, said);
  check_admin(what, said);
  check_tls(what.listen.tls, said);
  check_sizes(what, said);
  check_storage(what, said);
  check_retry(what.retry, said);
  check_upstreams(what, said);
  check_models(what, said);
}

} // namespace gateway

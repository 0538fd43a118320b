#include "config/checks.hpp"

#include "config/reading/complaint.hpp"
#include "config/route_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace gateway {

namespace {

bool is_visible_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

bool is_upstream_name(const std::string& name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

void check_door(const config& what, complaints& said) {
  if (!is_host(what.listen.host)) {
    said.add_news("/listen/host",
                  "must be an address (IPv6 without brackets) or a host name; 0.0.0.0 is every interface");
  }
  const auto& token = what.admin.token;
  if (!is_visible_ascii(token.reveal())) {
    said.add_news("/admin/token", "must be visible ASCII characters only, so that a header can carry it");
  }
  if ((token.empty() || token.reveal() == default_admin_token) && !said.about("/listen/host") &&
      !is_loopback(what.listen.host)) {
    said.add_news(
        "/admin/token",
        fmt::format("the {} admin token is for loopback only, and listen.host is {}: set ADMIN_TOKEN or admin.token",
                    token.empty() ? "empty" : "default", what.listen.host));
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

void check_upstreams(const config& what, complaints& said) {
  for (const auto& [name, upstream] : what.upstreams) {
    const auto here = below("/upstreams", name);
    if (!is_upstream_name(name)) said.add_news(here, "a name is 1 to 64 of the characters A-Z a-z 0-9 . _ -");
    if (upstream.kind != upstream_kind::echo && upstream.base_url.empty() && !said.about(below(here, "kind"))) {
      said.add_news(below(here, "base_url"),
                    fmt::format("is needed for kind {}, such as https://api.openai.com/v1", to_string(upstream.kind)));
    }
    for (const auto& key : upstream.api_keys) {
      if (is_visible_ascii(key.reveal())) continue;
      said.add_news(below(here, "api_key"), "must be visible ASCII characters only, so that a header can carry it");
    }
  }
}

} // namespace

void check(const config& what, complaints& said) {
  check_door(what, said);
  check_sizes(what, said);
  check_storage(what, said);
  check_upstreams(what, said);
  check_models(what, said);
}

} // namespace gateway

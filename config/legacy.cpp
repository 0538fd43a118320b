#include "config/legacy.hpp"

#include "config/reading/complaint.hpp"

namespace gateway {

tl::expected<listen_spec, std::string> parse_listen_address(std::string_view text) {
  const auto wrong = [] {
    return tl::make_unexpected(std::string("must be :PORT, HOST:PORT or [IPV6]:PORT, such as 127.0.0.1:8080"));
  };
  const auto colon = text.rfind(':');
  if (colon == text.npos) return wrong();
  listen_spec to;
  if (!parse_port(text.substr(colon + 1), to.port, true)) return wrong();

  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == host.npos) return wrong();
  } else if (host.find(':') != host.npos) {
    return wrong();
  }
  to.host = host.empty() ? "0.0.0.0" : std::string(host);
  if (!is_host(to.host)) return wrong();
  return to;
}

void apply_legacy_variables(const environment& variables, config& to, complaints& said) {
  const auto value = [&](const char* name) { return variables(name).value_or(std::string()); };
  if (const auto address = value("ADDR"); !address.empty()) {
    if (auto listen = parse_listen_address(address)) {
      to.listen.host = std::move(listen->host);
      to.listen.port = listen->port;
    } else {
      said.add_for_environment("ADDR " + listen.error());
    }
  }
  if (auto token = value("ADMIN_TOKEN"); !token.empty()) to.admin.token = secret(std::move(token));
  if (const auto file = value("SQLITE_PATH"); !file.empty()) to.storage.audit_db = file;
}

} // namespace gateway

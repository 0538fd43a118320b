#include "config/config.hpp"

#include "config/names.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <array>

namespace gateway {

std::string_view to_string(audit_durability durability) { return name_of(durability_names, durability); }

std::string_view to_string(upstream_kind kind) { return name_of(upstream_kind_names, kind); }

std::string_view to_string(client_certificates clients) { return name_of(client_certificates_names, clients); }

std::string_view to_string(log_level level) { return name_of(log_level_names, level); }

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return strcasecmp(host.c_str(), "localhost") == 0;
}

} // namespace gateway

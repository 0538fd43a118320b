#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace gateway {

/// Whether callers show certificates of their own.
enum class client_certificates : std::uint8_t {
  off,      ///< They are not asked for one.
  optional, ///< Who shows one must show a good one.
  required, ///< Who shows none is turned away.
};

/// TLS at the gateway's own door.
struct listen_tls_spec {
  std::filesystem::path certificate_file; ///< PEM, the chain with the leaf first; empty: plain HTTP.
  std::filesystem::path key_file;         ///< PEM.
  std::filesystem::path client_ca_file;   ///< PEM; who signs the callers' certificates.
  client_certificates clients = client_certificates::off;

  bool on() const { return !certificate_file.empty(); }
};

struct listen_spec {
  std::string host = "127.0.0.1"; ///< An address without brackets, or a name.
  std::uint16_t port = 8080;      ///< 0: any free one.
  listen_tls_spec tls;
};

std::string_view to_string(client_certificates clients);

} // namespace gateway

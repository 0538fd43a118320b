#pragma once

#include "config/config.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gateway {

// The parts of a config in words, for `llm-gateway check`. Never a secret.

std::string in_seconds(std::chrono::milliseconds span); ///< `0.25s`
std::string in_bytes(std::uint64_t bytes);              ///< `16 KiB`

/// Where callers connect: `https://[::1]:8443`.
std::string describe(const listen_spec& listen);
/// The door's own certificate, and what it wants of callers'.
std::string describe(const listen_tls_spec& tls);
/// Whose tokens there are.
std::string describe(const admin_spec& admin);
/// What is kept, and how.
std::string describe(const audit_log_spec& audit);
std::string describe(const retry_settings& retry);
std::string describe(const upstream_spec& upstream);
std::string describe(const route& entry);

} // namespace gateway

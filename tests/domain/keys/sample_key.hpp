#pragma once

#include "domain/principal.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

inline constexpr timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12};
inline constexpr std::chrono::milliseconds tick{1};

/// The digest of a key that nobody minted.
inline key_digest digest_number(std::uint8_t number) {
  key_digest digest{};
  digest.front() = number;
  return digest;
}

inline key_secret secret_number(std::uint8_t number, std::optional<timestamp> until = {}) {
  return {digest_number(number), "abcd", until};
}

inline key_record sample_key(std::string key_id, std::vector<key_secret> secrets) {
  key_record key;
  key.who.key_id = std::move(key_id);
  key.who.tenant_id = "acme";
  key.who.quota = {1000, 200000};
  key.created_at = key.updated_at = noon;
  key.secrets = std::move(secrets);
  return key;
}

} // namespace gateway::test

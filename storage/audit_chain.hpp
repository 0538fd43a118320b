#pragma once

#include "domain/api_key.hpp"

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

/// What ties a record to all that were written before it.
using chain_link = std::array<std::uint8_t, 32>;

/// Where the log stands, or where it begins: a sequence number, and the link of the record that has it.
struct log_end {
  std::int64_t sequence = 0;
  chain_link link{}; ///< Zeros before the first record.
  friend bool operator==(const log_end&, const log_end&) = default;
};

/// Computes links: HMAC-SHA-256 (RFC 2104) under the operator's key. Throws when OpenSSL has none.
class audit_chain {
 public:
  explicit audit_chain(const secret& key);

  /// HMAC(link before || sequence as 8 bytes, little-endian || the record's bytes (storage/audit_codec.hpp)).
  chain_link next(const log_end& before, std::string_view record);
  /// Vouches for an end of the log: HMAC(name || sequence as 8 bytes || link).
  chain_link seal(std::string_view name, const log_end& end);

 private:
  struct release {
    void operator()(EVP_MAC* algorithm) const;
    void operator()(EVP_MAC_CTX* context) const;
  };

  chain_link sign_message();

  std::unique_ptr<EVP_MAC, release> algorithm_;
  std::unique_ptr<EVP_MAC_CTX, release> context_;
  std::string message_;
};

} // namespace gateway

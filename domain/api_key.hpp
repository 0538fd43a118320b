#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// A text that must not be shown: it has no `operator<<` and no formatter. `reveal` is the one way out.
class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const secret&, const secret&) = default;

 private:
  std::string text_;
};

/// SHA-256 of a gateway key: all that is stored of it.
using key_digest = std::array<std::uint8_t, 32>;

/// Hashes a digest for tables. A digest is uniform already, so its first bytes do.
struct digest_hash {
  std::size_t operator()(const key_digest& digest) const noexcept;
};

/// A new key: `gw_` and 32 random bytes in URL-safe base64 without padding (RFC 4648, section 5), 46 characters.
secret mint_api_key();

/// A new random UUID, version 4 (RFC 9562).
std::string mint_uuid();

/// A new request id: 32 hex digits, random enough to be unique; not a secret.
std::string mint_request_id();

/// SHA-256 of the whole key text.
key_digest digest_of(std::string_view api_key);

/// The last four characters, by which a person tells keys apart.
std::string hint_of(std::string_view api_key);

/// Lower-case hex of a digest, and back; an empty answer of `digest_from_hex` means malformed text.
std::string to_hex(const key_digest& digest);
bool digest_from_hex(std::string_view hex, key_digest& digest);

/// Compares in time that depends on `expected`'s length only.
bool equal_in_constant_time(std::string_view given, std::string_view expected);

} // namespace gateway

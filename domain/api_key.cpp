#include "domain/api_key.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>

namespace gateway {

namespace {

// Both digits of each byte.
constexpr auto hex_pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {digits[byte / 16], digits[byte % 16]};
  return pairs;
}();

// xoshiro256** (Blackman, Vigna): unique, quick and small; never for secrets.
class id_generator {
 public:
  id_generator() {
    std::random_device device;
    for (auto& word : state_) word = (std::uint64_t{device()} << 32) | device();
    state_[0] |= 1; // The one forbidden state is all zeros.
  }

  std::uint64_t operator()() {
    const auto answer = std::rotl(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return answer;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

std::array<std::uint8_t, 16> random_id() {
  thread_local id_generator next;
  const std::array<std::uint64_t, 2> words{next(), next()};
  return std::bit_cast<std::array<std::uint8_t, 16>>(words);
}

// Fetching the algorithm takes locks and four times as long as hashing a key, so each thread does it once.
class sha256 {
 public:
  key_digest operator()(std::string_view text) {
    key_digest digest{};
    if (!algorithm_ || !context_ || EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
      throw std::runtime_error("SHA-256 is not available");
    }
    return digest;
  }

 private:
  struct release {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };

  std::unique_ptr<EVP_MD, release> algorithm_{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, release> context_{EVP_MD_CTX_new()};
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char* put_hex(char* to, std::span<const std::uint8_t> bytes) {
  for (const auto byte : bytes) {
    std::memcpy(to, hex_pairs[byte].data(), 2);
    to += 2;
  }
  return to;
}

std::string hex_of(std::span<const std::uint8_t> bytes) {
  std::string out(2 * bytes.size(), '0');
  put_hex(out.data(), bytes);
  return out;
}

} // namespace

std::size_t digest_hash::operator()(const key_digest& digest) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

secret mint_api_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("no randomness for a new key");
  }
  std::array<unsigned char, 45> text{}; // 44 characters, of which the last is padding, and a terminating zero.
  EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string key = "gw_" + std::string(text.begin(), text.begin() + 43);
  std::ranges::replace(key, '+', '-');
  std::ranges::replace(key, '/', '_');
  OPENSSL_cleanse(bytes.data(), bytes.size());
  OPENSSL_cleanse(text.data(), text.size());
  return secret(std::move(key));
}

std::string mint_uuid() {
  auto bytes = random_id();
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text(36, '-');
  auto* to = text.data();
  std::size_t from = 0;
  for (const std::size_t length : {4U, 2U, 2U, 2U, 6U}) {
    to = put_hex(to, std::span(bytes).subspan(from, length)) + 1;
    from += length;
  }
  return text;
}

std::string mint_request_id() { return hex_of(random_id()); }

key_digest digest_of(std::string_view api_key) {
  thread_local sha256 hash;
  return hash(api_key);
}

std::string hint_of(std::string_view api_key) {
  return std::string(api_key.substr(api_key.size() - std::min<std::size_t>(4, api_key.size())));
}

std::string to_hex(const key_digest& digest) { return hex_of(digest); }

bool digest_from_hex(std::string_view hex, key_digest& digest) {
  if (hex.size() != 2 * digest.size()) return false;
  key_digest read{};
  for (std::size_t i = 0; i < read.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    read[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  digest = read;
  return true;
}

bool equal_in_constant_time(std::string_view given, std::string_view expected) {
  const bool same_size = given.size() == expected.size();
  // A text of another length is refused after the same comparison, so that time tells nothing about how far it matched.
  const auto stand_in = same_size ? given : expected;
  return CRYPTO_memcmp(stand_in.data(), expected.data(), expected.size()) == 0 && same_size;
}

} // namespace gateway

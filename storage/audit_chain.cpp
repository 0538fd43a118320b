#include "storage/audit_chain.hpp"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace gateway {

namespace {

void append_number(std::string& to, std::int64_t number) {
  for (int shift = 0; shift < 64; shift += 8) to += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
}

void append_link(std::string& to, const chain_link& link) {
  to.append(reinterpret_cast<const char*>(link.data()), link.size());
}

[[noreturn]] void refuse() { throw std::runtime_error("HMAC-SHA-256 is not available"); }

} // namespace

void audit_chain::release::operator()(EVP_MAC* algorithm) const { EVP_MAC_free(algorithm); }
void audit_chain::release::operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }

audit_chain::audit_chain(const secret& key)
    : algorithm_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)),
      context_(algorithm_ ? EVP_MAC_CTX_new(algorithm_.get()) : nullptr) {
  std::string digest = "SHA256";
  const std::array params{OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0), OSSL_PARAM_construct_end()};
  const auto& text = key.reveal();
  if (!context_ || EVP_MAC_init(context_.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                params.data()) != 1) {
    refuse();
  }
}

chain_link audit_chain::next(const log_end& before, std::string_view record) {
  message_.clear();
  append_link(message_, before.link);
  append_number(message_, before.sequence + 1);
  message_ += record;
  return sign_message();
}

chain_link audit_chain::seal(std::string_view name, const log_end& end) {
  message_ = name;
  append_number(message_, end.sequence);
  append_link(message_, end.link);
  return sign_message();
}

chain_link audit_chain::sign_message() {
  chain_link link{};
  std::size_t size = 0;
  // Without a key it starts over with the one that it has, which is much cheaper than to set it again.
  if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(message_.data()), message_.size()) != 1 ||
      EVP_MAC_final(context_.get(), link.data(), &size, link.size()) != 1 || size != link.size()) {
    refuse();
  }
  return link;
}

} // namespace gateway

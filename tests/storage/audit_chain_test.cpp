#include "storage/audit_chain.hpp"

#include "storage/audit_codec.hpp"
#include "storage/audit_codec_v1.hpp"
#include "tests/storage/samples.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace gateway {

namespace {

chain_link hmac(const std::string& key, const std::string& message) {
  chain_link link{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), link.data(), nullptr);
  return link;
}

std::string bytes_of(const audit_record& record) {
  std::string bytes;
  encode(record, bytes);
  return bytes;
}

std::string bytes_of(const chain_link& link) { return {link.begin(), link.end()}; }

} // namespace

TEST_CASE("a link is the HMAC of the link before, the number and the record's bytes") {
  const std::string key = GENERATE("", "a key", std::string(200, 'k'));
  audit_chain chain{secret(key)};
  std::string message(32, '\0');
  message += std::string("\x01\0\0\0\0\0\0\0", 8);
  encode(sample_record(1), message);
  const auto first = chain.next({}, bytes_of(sample_record(1)));
  CHECK(first == hmac(key, message));

  message = bytes_of(first) + std::string("\x03\x02\x01\0\0\0\0\0", 8);
  encode(sample_record(2), message);
  CHECK(chain.next({0x010202, first}, bytes_of(sample_record(2))) == hmac(key, message));
}

TEST_CASE("a seal is the HMAC of the name, the number and the link") {
  const auto link = hmac("any", "thing");
  audit_chain chain(secret("a key"));
  const auto message = "head" + std::string("\x05\0\0\0\0\0\0\0", 8) + bytes_of(link);
  CHECK(chain.seal("head", {5, link}) == hmac("a key", message));
  CHECK(chain.seal("anchor", {5, link}) != chain.seal("head", {5, link}));
}

TEST_CASE("the chain of a record that is known stays what it is") {
  audit_chain chain(secret("a key"));
  std::string first_version;
  encode_first_version(sample_record(1), first_version);
  CHECK(to_hex(chain.next({}, first_version)) == "125e41b97b18d6525acb3e42a834d31e5e3766777ffbab4359523de3b084c524");
  CHECK(to_hex(chain.next({}, bytes_of(sample_record(1)))) ==
        "c0cf1fc0855c364d26f54c116403abd8f4336cf2a38d274a12b97a3371029508");
}

} // namespace gateway

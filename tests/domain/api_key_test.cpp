#include "domain/api_key.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace gateway;

namespace {

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view hex = "0123456789abcdef";

} // namespace

TEST_CASE("a new key is gw_ and 43 characters of URL-safe base64") {
  std::set<std::string> keys;
  std::set<char> used;
  for (int i = 0; i < 200; ++i) {
    const auto key = mint_api_key().reveal();
    CHECK(key.size() == 46);
    CHECK(key.starts_with("gw_"));
    CHECK(consists_of(key.substr(3), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"));
    keys.insert(key);
    used.insert(key.begin() + 3, key.end());
  }
  CHECK(keys.size() == 200);
  CHECK(used.size() == 64);
}

TEST_CASE("a new UUID is of version 4 and its variant") {
  std::set<std::string> all;
  for (int i = 0; i < 200; ++i) {
    const auto uuid = mint_uuid();
    REQUIRE(uuid.size() == 36);
    for (const std::size_t dash : {8u, 13u, 18u, 23u}) CHECK(uuid[dash] == '-');
    CHECK(std::ranges::count(uuid, '-') == 4);
    CHECK(consists_of(uuid, "0123456789abcdef-"));
    CHECK(uuid[14] == '4');
    CHECK(std::string_view("89ab").find(uuid[19]) != std::string_view::npos);
    all.insert(uuid);
  }
  CHECK(all.size() == 200);
}

TEST_CASE("request ids are 32 hex digits and do not repeat") {
  std::set<std::string> all;
  for (int i = 0; i < 10000; ++i) {
    const auto id = mint_request_id();
    REQUIRE(id.size() == 32);
    REQUIRE(consists_of(id, hex));
    all.insert(id);
  }
  CHECK(all.size() == 10000);
}

TEST_CASE("a digest is SHA-256") {
  // FIPS 180-4's examples.
  CHECK(to_hex(digest_of("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(digest_of("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(digest_of("abc")) == to_hex(digest_of("abc")));
}

TEST_CASE("a digest survives being written in hex") {
  const auto digest = digest_of("key");
  key_digest read{};
  REQUIRE(digest_from_hex(to_hex(digest), read));
  CHECK(read == digest);
  auto upper = to_hex(digest);
  std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  key_digest from_upper{};
  REQUIRE(digest_from_hex(upper, from_upper));
  CHECK(from_upper == digest);
}

TEST_CASE("malformed hex leaves the digest alone") {
  const auto good = to_hex(digest_of("key"));
  key_digest digest{};
  digest[0] = 7;
  const auto untouched = digest;
  CHECK_FALSE(digest_from_hex("", digest));
  CHECK_FALSE(digest_from_hex(good.substr(1), digest));
  CHECK_FALSE(digest_from_hex(good + "0", digest));
  CHECK_FALSE(digest_from_hex(good.substr(0, 63) + "g", digest));
  CHECK(digest == untouched);
}

TEST_CASE("digests of different keys have different hashes") {
  const digest_hash hash;
  CHECK(hash(digest_of("a")) == hash(digest_of("a")));
  CHECK(hash(digest_of("a")) != hash(digest_of("b")));
}

TEST_CASE("the hint of a key is its last four characters") {
  CHECK(hint_of("gw_abcdefgh") == "efgh");
  CHECK(hint_of("abc") == "abc");
  CHECK(hint_of("").empty());
}

TEST_CASE("texts are equal in constant time only when they are equal") {
  CHECK(equal_in_constant_time("token", "token"));
  CHECK(equal_in_constant_time("", ""));
  CHECK_FALSE(equal_in_constant_time("tokex", "token"));
  CHECK_FALSE(equal_in_constant_time("toke", "token"));
  CHECK_FALSE(equal_in_constant_time("tokens", "token"));
  CHECK_FALSE(equal_in_constant_time("", "token"));
  CHECK_FALSE(equal_in_constant_time("token", ""));
}

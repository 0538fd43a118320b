#include "domain/keys/key_rotation.hpp"

#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a rotation puts the new secret first and lets the old one live for the grace") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), 1h, noon);
  CHECK(key.secrets == std::vector{secret_number(2), secret_number(1, noon + 1h)});
}

TEST_CASE("a rotation without grace leaves the new secret alone") {
  auto key = sample_key("one", {secret_number(2), secret_number(1, noon + 1h)});
  rotate(key, secret_number(3), 0s, noon);
  CHECK(key.secrets == std::vector{secret_number(3)});
}

TEST_CASE("a negative grace is none") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), -1h, noon);
  CHECK(key.secrets == std::vector{secret_number(2)});
}

TEST_CASE("a second rotation never lengthens the life of an older secret") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), 1h, noon);
  rotate(key, secret_number(3), 10h, noon + 30min);
  CHECK(key.secrets ==
        std::vector{secret_number(3), secret_number(2, noon + 10h + 30min), secret_number(1, noon + 1h)});
}

TEST_CASE("a second rotation can shorten the life of an older secret") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), 10h, noon);
  rotate(key, secret_number(3), 1h, noon);
  CHECK(key.secrets == std::vector{secret_number(3), secret_number(2, noon + 1h), secret_number(1, noon + 1h)});
}

TEST_CASE("a secret whose grace ends at the moment of a rotation is dropped") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), 1h, noon);
  rotate(key, secret_number(3), 1h, noon + 1h);
  CHECK(key.secrets == std::vector{secret_number(3), secret_number(2, noon + 2h)});
}

TEST_CASE("a grace beyond all measure does not wrap around") {
  auto key = sample_key("one", {secret_number(1)});
  rotate(key, secret_number(2), std::chrono::seconds::max(), noon);
  REQUIRE(key.secrets.size() == 2);
  CHECK(*key.secrets[1].valid_until > noon + std::chrono::years{99});
}

TEST_CASE("a rotation stamps the record and touches nothing else") {
  auto key = sample_key("one", {secret_number(1)});
  auto before = key;
  rotate(key, secret_number(2), 1h, noon + 5min);
  CHECK(key.updated_at == noon + 5min);
  CHECK(key.who == before.who);
  CHECK(key.created_at == before.created_at);
  CHECK(key.active == before.active);
}

} // namespace
} // namespace gateway

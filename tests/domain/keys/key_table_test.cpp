#include "domain/keys/key_table.hpp"

#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a key in the table is known by its digest") {
  key_table table({sample_key("one", {secret_number(1)}), sample_key("two", {secret_number(2)})});
  auto who = table.find(digest_number(2), noon);
  REQUIRE(who);
  CHECK((*who)->key_id == "two");
  CHECK((*who)->tenant_id == "acme");
  CHECK((*who)->quota.tokens == 200000);
}

TEST_CASE("a key is good one millisecond before it expires and no longer when it expires") {
  auto key = sample_key("one", {secret_number(1)});
  key.who.expires_at = noon;
  key_table table({key});
  CHECK(table.find(digest_number(1), noon - tick));
  CHECK_FALSE(table.find(digest_number(1), noon));
  CHECK_FALSE(table.find(digest_number(1), noon + 24h));
}

TEST_CASE("an old secret works until its grace ends, beside the new one") {
  key_table table({sample_key("one", {secret_number(2), secret_number(1, noon + 1h)})});
  CHECK(table.find(digest_number(1), noon + 1h - tick));
  CHECK_FALSE(table.find(digest_number(1), noon + 1h));
  CHECK(table.find(digest_number(2), noon + 1h));
}

TEST_CASE("a secret in its grace still ends when its key expires") {
  auto key = sample_key("one", {secret_number(2), secret_number(1, noon + 2h)});
  key.who.expires_at = noon + 1h;
  key_table table({key});
  CHECK(table.find(digest_number(1), noon + 1h - tick));
  CHECK_FALSE(table.find(digest_number(1), noon + 1h));
}

TEST_CASE("nobody can tell an unknown key from one that is disabled, expired or rotated") {
  auto disabled = sample_key("disabled", {secret_number(1)});
  disabled.active = false;
  auto expired = sample_key("expired", {secret_number(2)});
  expired.who.expires_at = noon - 1h;
  key_table table({disabled, expired, sample_key("rotated", {secret_number(4), secret_number(3, noon - 1h)})});
  auto unknown = table.find(digest_number(9), noon);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ec::invalid_api_key);
  for (auto number : std::initializer_list<std::uint8_t>{1, 2, 3}) {
    auto refused = table.find(digest_number(number), noon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == unknown.error().code);
    CHECK(refused.error().message == unknown.error().message);
  }
}

TEST_CASE("a key that is put again loses the secrets it had before") {
  key_table table({sample_key("one", {secret_number(1), secret_number(2)})});
  auto changed = sample_key("one", {secret_number(3)});
  changed.who.tenant_id = "globex";
  table.put(changed);
  CHECK_FALSE(table.find(digest_number(1), noon));
  CHECK_FALSE(table.find(digest_number(2), noon));
  REQUIRE(table.find(digest_number(3), noon));
  CHECK((*table.find(digest_number(3), noon))->tenant_id == "globex");
  CHECK(table.size() == 1);
}

TEST_CASE("a disabled key opens again when it is enabled") {
  auto key = sample_key("one", {secret_number(1)});
  key_table table({key});
  key.active = false;
  table.put(key);
  CHECK_FALSE(table.find(digest_number(1), noon));
  key.active = true;
  table.put(key);
  CHECK(table.find(digest_number(1), noon));
}

TEST_CASE("an erased key is gone with all its secrets, and the others stay") {
  key_table table({sample_key("one", {secret_number(1), secret_number(2)}), sample_key("two", {secret_number(3)})});
  table.erase("one");
  table.erase("never there");
  CHECK_FALSE(table.find(digest_number(1), noon));
  CHECK_FALSE(table.find(digest_number(2), noon));
  CHECK(table.find(digest_number(3), noon));
}

TEST_CASE("who was found stays whole when its key is changed") {
  key_table table({sample_key("one", {secret_number(1)})});
  auto who = table.find(digest_number(1), noon);
  REQUIRE(who);
  table.erase("one");
  CHECK((*who)->key_id == "one");
}

} // namespace
} // namespace gateway

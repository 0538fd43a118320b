#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;

TEST_CASE("keys are there after a restart, as they were", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"},
                                     {"name", "batch jobs"},
                                     {"models", {"echo", "gpt*"}},
                                     {"metadata", {{"team", "search"}}},
                                     {"expires_at", "2099-01-01T00:00:00.000Z"}});
  const auto off = gateway.make_key();
  gateway.admin("PATCH", "/admin/keys/" + off.at("key_id").get<std::string>(), R"({"active":false})");
  const auto gone = gateway.make_key();
  CHECK(gateway.admin("DELETE", "/admin/keys/" + gone.at("key_id").get<std::string>()).status == 204);
  const auto before = gateway.admin("GET", "/admin/keys").body;

  gateway.reopen();
  CHECK(gateway.admin("GET", "/admin/keys").body == before);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.chat(off.at("key")).status == 401);
  CHECK(gateway.chat(gone.at("key")).status == 401);
}

TEST_CASE("what a key has used goes on exactly where it stood before a restart", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 5}});
  std::uint64_t tokens = 0;
  for (int i = 0; i < 3; ++i) {
    const auto answer = gateway.chat(key.at("key"), "message " + std::to_string(i));
    REQUIRE(answer.status == 200);
    tokens += answer.json().at("usage").at("total_tokens").get<std::uint64_t>();
  }
  const auto before = gateway.usage(key);
  CHECK(before.at("daily_requests").at("used") == 3);
  CHECK(before.at("daily_tokens").at("used") == tokens);

  gateway.reopen();
  CHECK(gateway.usage(key) == before);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.chat(key.at("key")).status == 429);

  gateway.reopen();
  CHECK(gateway.chat(key.at("key")).status == 429);
  CHECK(gateway.usage(key).at("daily_requests").at("used") == 5);
}

TEST_CASE("the audit log tells the same tale after a restart", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  for (int i = 0; i < 3; ++i) gateway.chat(key.at("key"));
  const auto last = gateway.complete(key.at("key"), chat_body("nowhere"));
  CHECK(last.status == 404);
  gateway.wait_for_records(4);
  const auto before = gateway.audit();

  gateway.reopen();
  CHECK(gateway.audit() == before);
}

TEST_CASE("records that nobody has looked at are committed before the gateway is gone", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  for (int i = 0; i < 20; ++i) CHECK(gateway.chat(key.at("key")).status == 200);
  gateway.reopen();
  CHECK(gateway.audit().size() == 20);
}

} // namespace
} // namespace gateway

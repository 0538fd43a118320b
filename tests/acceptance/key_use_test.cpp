#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

std::string path_of(const json& key) { return "/admin/keys/" + key.at("key_id").get<std::string>(); }

int status_with(const gateway_fixture& gateway, const json& key) {
  return gateway.call("GET", "/v1/models", with_key(key.at("key"))).status;
}

/// Asks again and again with a key that is about to end: it must work until then, and never from then on.
void check_end(const gateway_fixture& gateway, const json& key, timestamp end) {
  int good = 0;
  while (true) {
    const auto before = wall_clock_now();
    const auto status = status_with(gateway, key);
    const auto after = wall_clock_now();
    if (status == 200) {
      ++good;
      REQUIRE(before <= end);
      continue;
    }
    CHECK(status == 401);
    CHECK(after >= end);
    break;
  }
  CHECK(good > 0);
  CHECK(status_with(gateway, key) == 401);
}

TEST_CASE("a key is taken from each of three headers, on every surface", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  for (const auto& header : header_list{{"Authorization", "Bearer " + key},
                                        {"authorization", "bearer  " + key},
                                        {"X-API-Key", key},
                                        {"x-api-key", key},
                                        {"api-key", key}}) {
    INFO(header.first);
    CHECK(gateway.call("GET", "/v1/models", {header}).status == 200);
    CHECK(gateway.call("POST", "/chat", {header}, R"({"message":"hi"})").status == 200);
    CHECK(gateway.call("POST", "/v1/chat/completions", {header}, chat_body("echo")).status == 200);
  }
}

TEST_CASE("a request without a key is told how to send one", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (const auto& headers : std::vector<header_list>{{},
                                                      {{"Authorization", "Basic YTpi"}},
                                                      {{"Authorization", "Bearer "}},
                                                      {{"X-API-Key", ""}},
                                                      {{"Cookie", "key=x"}}})
    check_failure(gateway.call("POST", "/chat", headers, R"({"message":"hi"})"), 401, "PLATFORM_AUTH_MISSING_API_KEY");
}

TEST_CASE("an unknown, a disabled, an expired and a deleted key are refused in the same words", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto disabled = gateway.make_key();
  const auto deleted = gateway.make_key();
  const auto expired = gateway.make_key({{"tenant_id", "acme"}, {"expires_at", "2020-01-01T00:00:00Z"}});
  CHECK(status_with(gateway, disabled) == 200);
  CHECK(status_with(gateway, deleted) == 200);
  CHECK(gateway.admin("PATCH", path_of(disabled), R"({"active":false})").status == 200);
  CHECK(gateway.admin("DELETE", path_of(deleted)).status == 204);
  const std::string unknown = "gw_" + std::string(43, 'A');
  std::vector<json> errors;
  for (const auto& key : {unknown, disabled.at("key").get<std::string>(), deleted.at("key").get<std::string>(),
                          expired.at("key").get<std::string>(), std::string("sk-else"), std::string(5000, 'x')}) {
    auto error = check_failure(gateway.complete(key, chat_body("echo")), 401, "PLATFORM_AUTH_INVALID_API_KEY");
    error.erase("request_id");
    errors.push_back(std::move(error));
  }
  for (const auto& each : errors) CHECK(each == errors.front());
  CHECK(gateway.admin("PATCH", path_of(disabled), R"({"active":true})").status == 200);
  CHECK(status_with(gateway, disabled) == 200);
}

TEST_CASE("a key ends at the moment that it names", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto end = wall_clock_now() + std::chrono::milliseconds(300);
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"expires_at", to_rfc3339(end)}});
  check_end(gateway, key, end);
  CHECK(gateway.admin("PATCH", path_of(key), R"({"expires_at":null})").json().at("expires_at").is_null());
  CHECK(status_with(gateway, key) == 200);
}

TEST_CASE("after a rotation the new secret works at once, and the old one until its grace ends", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"name", "n"}, {"quota_daily_requests", 50}});
  CHECK(gateway.chat(key.at("key")).status == 200);
  const auto before = wall_clock_now();
  const auto rotated = gateway.admin("POST", path_of(key) + "/rotate", R"({"grace_s":1})");
  REQUIRE(rotated.status == 200);
  const auto fresh = rotated.json();
  CHECK(fresh.at("key") != key.at("key"));
  CHECK(fresh.at("key_hint") == fresh.at("key").get<std::string>().substr(42));
  for (const auto* same : {"key_id", "tenant_id", "name", "quota", "created_at", "active"})
    CHECK(fresh.at(same) == key.at(same));
  CHECK(status_with(gateway, fresh) == 200);
  CHECK(gateway.chat(fresh.at("key")).status == 200);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.usage(key).at("daily_requests").at("used") == 3);
  check_end(gateway, key, before + std::chrono::seconds(1));
  CHECK(status_with(gateway, fresh) == 200);
}

TEST_CASE("a rotation without grace ends the old secret at once", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  for (const auto* body : {"", R"({"grace_s":0})", "{}"}) {
    const auto fresh = gateway.make_key();
    const auto rotated = gateway.admin("POST", path_of(fresh) + "/rotate", body);
    INFO(body);
    REQUIRE(rotated.status == 200);
    CHECK(status_with(gateway, fresh) == 401);
    CHECK(status_with(gateway, rotated.json()) == 200);
  }
  CHECK(status_with(gateway, key) == 200);
  check_failure(gateway.admin("POST", path_of(key) + "/rotate", R"({"grace_s":-1})"), 400, "PLATFORM_REQUEST_INVALID");
  check_failure(gateway.admin("POST", "/admin/keys/none/rotate"), 404, "PLATFORM_NOT_FOUND");
}

TEST_CASE("a key may use the models of its list, and sees no others", "[acceptance]") {
  gateway_fixture gateway;
  for (const auto* name : {"gpt-a", "gpt-b", "other", "vendor/*"})
    gateway.settings.models[name] = gateway.settings.models["echo"];
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"models", {"gpt-*", "vendor/one"}}});
  const auto list = gateway.call("GET", "/v1/models", with_key(key.at("key"))).json();
  std::vector<std::string> ids;
  for (const auto& each : list.at("data")) ids.push_back(each.at("id"));
  CHECK(ids == std::vector<std::string>{"gpt-a", "gpt-b"});
  for (const auto* good : {"gpt-a", "vendor/one"})
    CHECK(gateway.complete(key.at("key"), chat_body(good)).status == 200);
  for (const auto* bad : {"other", "echo", "vendor/two"}) {
    INFO(bad);
    check_failure(gateway.complete(key.at("key"), chat_body(bad)), 403, "PLATFORM_AUTH_FORBIDDEN");
    check_failure(gateway.call("GET", std::string("/v1/models/") + bad, with_key(key.at("key"))), 404,
                  "PLATFORM_NOT_FOUND");
  }
  check_failure(gateway.chat(key.at("key")), 403, "PLATFORM_AUTH_FORBIDDEN");
  CHECK(gateway.admin("PATCH", path_of(key), R"({"models":[]})").status == 200);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.usage(key).at("daily_requests").at("used") == 3);
}

} // namespace
} // namespace gateway

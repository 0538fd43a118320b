#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;

/// What curl sends for `-H ... -d ...`.
http_response curl(const gateway_fixture& gateway, const std::string& line, const std::string& header,
                   const std::string& body = {}) {
  http_client caller(gateway.port());
  auto text =
      line + " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n" + header + "\r\n";
  if (!body.empty())
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  caller.send(text + "\r\n" + body);
  return caller.read_response();
}

json quota_of(const gateway_fixture& gateway, const json& fields) { return gateway.make_key(fields).at("quota"); }

TEST_CASE("the four calls that users have in their scripts work", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.admin.token = secret("dev-admin-token");
  gateway.open();
  const std::string token = "X-Admin-Token: dev-admin-token";

  const auto made = curl(gateway, "POST /admin/keys", token,
                         R"({"tenant_id":"acme","quota_daily_requests":1000,"quota_daily_tokens":200000})");
  REQUIRE(made.status == 201);
  const auto key = made.json().at("key").get<std::string>();
  CHECK(key.size() == 46);
  CHECK(key.starts_with("gw_"));
  CHECK(made.json().at("key_id").get<std::string>().size() == 36);
  CHECK(made.json().at("tenant_id") == "acme");
  CHECK(made.json().at("active") == true);
  CHECK(made.json().at("quota") == json{{"daily_requests", 1000}, {"daily_tokens", 200000}});
  CHECK(made.json().at("expires_at").is_null());
  CHECK(made.header("Location") == "/admin/keys/" + made.json().at("key_id").get<std::string>());

  const auto listed = curl(gateway, "GET /admin/keys", token);
  REQUIRE(listed.status == 200);
  REQUIRE(listed.json().size() == 1);
  CHECK(listed.json()[0].at("key").get<std::string>().empty());
  CHECK(listed.json()[0].at("key_hint") == key.substr(42));
  CHECK(listed.json()[0].at("key_id") == made.json().at("key_id"));

  const auto chat = curl(gateway, "POST /chat", "X-API-Key: " + key, R"({"message":"hi"})");
  REQUIRE(chat.status == 200);
  CHECK(chat.json().at("ok") == true);
  gateway.wait_for_record(chat.header("X-Request-ID"));

  const auto audit = curl(gateway, "GET /admin/audit?tenant_id=acme&limit=10", token);
  REQUIRE(audit.status == 200);
  REQUIRE(audit.json().size() == 2); // The chat, and before it the making of its key.
  CHECK(audit.json()[0].at("endpoint") == "/chat");
  CHECK(audit.json()[0].at("status") == 200);
  CHECK(audit.json()[0].at("tenant_id") == "acme");
  CHECK(audit.json()[0].at("key_id") == made.json().at("key_id"));
}

TEST_CASE("/chat answers with exactly these fields", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  const auto answer = gateway.call("POST", "/chat", {{"X-API-Key", key}, {"X-Request-ID", "r-1"}},
                                   R"({"message":"hi \"you\" é","model":"echo","max_tokens":7})");
  REQUIRE(answer.status == 200);
  const auto usage = answer.json().at("usage");
  CHECK(usage.at("prompt_tokens") > 0);
  CHECK(usage.at("completion_tokens") > 0);
  CHECK(usage.at("total_tokens") == usage.at("prompt_tokens").get<int>() + usage.at("completion_tokens").get<int>());
  const auto expected =
      R"({"ok":true,"tenant_id":"acme","echo":"hi \"you\" é","reply":"hi \"you\" é","model":"echo","usage":)" +
      nlohmann::ordered_json::parse(answer.body).at("usage").dump() + R"(,"request_id":"r-1"})";
  CHECK(answer.body == expected);
  CHECK(answer.header("x-gateway-upstream") == "echo");
  CHECK(answer.header("x-gateway-attempts") == "1");
}

TEST_CASE("quotas may be nested, and those missing or not above zero take the defaults", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.quota_defaults = {12, 3400};
  gateway.open();
  const auto both = [](int requests, int tokens) {
    return json{{"daily_requests", requests}, {"daily_tokens", tokens}};
  };
  CHECK(quota_of(gateway, {{"tenant_id", "a"}}) == both(12, 3400));
  CHECK(quota_of(gateway, {{"tenant_id", "a"}, {"quota", both(5, 600)}}) == both(5, 600));
  CHECK(quota_of(gateway, {{"tenant_id", "a"}, {"quota", {{"daily_tokens", 7}}}}) == both(12, 7));
  CHECK(quota_of(gateway, {{"tenant_id", "a"}, {"quota", both(0, -1)}}) == both(12, 3400));
  CHECK(quota_of(gateway, {{"tenant_id", "a"}, {"quota_daily_requests", -5}, {"quota_daily_tokens", 0}}) ==
        both(12, 3400));
  CHECK(quota_of(gateway, {{"tenant_id", "a"}, {"quota_daily_requests", 9}}) == both(9, 3400));
}

TEST_CASE("/chat refuses what it does not understand, and says why", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  const auto refusal = [&](const std::string& body) {
    return check_failure(gateway.call("POST", "/chat", with_key(key), body), 400, "PLATFORM_REQUEST_INVALID");
  };
  CHECK(refusal(R"({})").at("details") == json{{"message", "required"}});
  CHECK(refusal(R"({"message":null})").at("param") == "message");
  CHECK(refusal(R"({"message":7})").at("param") == "message");
  CHECK(refusal(R"({"message":""})").at("param") == "message");
  CHECK(refusal(R"({"message":"hi","max_tokens":-1})").at("param") == "max_tokens");
  CHECK(refusal(R"({"message":"hi","mesage":"hi"})").at("details") == json{{"mesage", "unknown field"}});
  const auto unknown = gateway.call("POST", "/chat", with_key(key), R"({"message":"hi","model":"gtp"})");
  CHECK(check_failure(unknown, 404, "PLATFORM_NOT_FOUND").at("param") == "model");
}

} // namespace
} // namespace gateway

#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

std::string path_of(const json& key) { return "/admin/keys/" + key.at("key_id").get<std::string>(); }

/// Where a Link header says that the next page is; empty when there is none.
std::string next_of(const http_response& answer) {
  const auto link = answer.header("Link");
  const auto end = link.find(">; rel=\"next\"");
  return end == std::string::npos ? std::string() : link.substr(1, end - 1);
}

TEST_CASE("a key's secret is shown when it is made, and never again", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  const auto secret = key.at("key").get<std::string>();
  const auto changed = gateway.admin("PATCH", path_of(key), R"({"name":"x"})");
  const auto shown = gateway.admin("GET", path_of(key));
  const auto listed = gateway.admin("GET", "/admin/keys");
  for (const auto* answer : {&changed, &shown, &listed}) {
    CHECK(answer->status == 200);
    CHECK(answer->body.find(secret) == std::string::npos);
    CHECK(answer->body.find(R"("key":"")") != std::string::npos);
    CHECK(answer->body.find("\"key_hint\":\"" + secret.substr(42) + "\"") != std::string::npos);
  }
}

TEST_CASE("the admin endpoints want the admin token", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  const auto token = gateway.settings.admin.token.reveal();
  const std::vector<std::pair<std::string, std::string>> endpoints{{"POST", "/admin/keys"},
                                                                   {"GET", "/admin/keys"},
                                                                   {"GET", path_of(key)},
                                                                   {"PATCH", path_of(key)},
                                                                   {"DELETE", path_of(key)},
                                                                   {"POST", path_of(key) + "/rotate"},
                                                                   {"GET", path_of(key) + "/usage"},
                                                                   {"GET", "/admin/audit?tenant_id=acme"},
                                                                   {"GET", "/admin/tenants/acme"},
                                                                   {"PUT", "/admin/tenants/acme"},
                                                                   {"GET", "/admin/usage"},
                                                                   {"GET", "/admin/upstreams"}};
  for (const auto& [method, path] : endpoints) {
    for (const auto& headers : std::vector<header_list>{{},
                                                        {{"X-Admin-Token", ""}},
                                                        {{"X-Admin-Token", token + "x"}},
                                                        {{"X-Admin-Token", token.substr(1)}},
                                                        {{"X-Admin-Token", key.at("key")}},
                                                        {{"Authorization", "Bearer " + token}},
                                                        {{"X-API-Key", key.at("key")}}}) {
      INFO(method << " " << path);
      check_failure(gateway.call(method, path, headers), 403, "PLATFORM_AUTH_FORBIDDEN");
    }
  }
  CHECK(gateway.admin("GET", path_of(key)).json().at("active") == true);
}

TEST_CASE("everything that a key can carry is taken, shown and changed", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const json fields{{"tenant_id", "acme"},
                    {"key_id", "build-7"},
                    {"name", "caf\xc3\xa9"},
                    {"expires_at", "2099-06-30T12:00:00+02:00"},
                    {"models", {"echo", "gpt*"}},
                    {"limits", {{"requests_per_minute", 60}, {"budget_usd_per_day", 2.5}}},
                    {"metadata", {{"team", "search"}}},
                    {"quota", {{"daily_requests", 5}, {"daily_tokens", 600}}}};
  const auto key = gateway.make_key(fields);
  for (const auto* same : {"tenant_id", "key_id", "name", "models", "metadata", "quota"})
    CHECK(key.at(same) == fields.at(same));
  CHECK(key.at("expires_at") == "2099-06-30T10:00:00.000Z");
  CHECK(key.at("limits").at("requests_per_minute") == 60);
  CHECK(key.at("limits").at("tokens_per_minute").is_null());
  CHECK(key.at("limits").at("budget_usd_per_day") == 2.5);

  const auto changed = gateway
                           .admin("PATCH", "/admin/keys/build-7",
                                  R"({"name":"y","quota":{"daily_tokens":9},"limits":{"requests_per_minute":null},)"
                                  R"("expires_at":null,"metadata":{}})")
                           .json();
  CHECK(changed.at("name") == "y");
  CHECK(changed.at("quota") == json{{"daily_requests", 5}, {"daily_tokens", 9}});
  CHECK(changed.at("limits").at("requests_per_minute").is_null());
  CHECK(changed.at("limits").at("budget_usd_per_day") == 2.5);
  CHECK(changed.at("expires_at").is_null());
  CHECK(changed.at("metadata") == json::object());
  CHECK(changed.at("models") == key.at("models"));
  CHECK(gateway.admin("GET", "/admin/keys/build-7").json() == changed);
}

TEST_CASE("a key that cannot be made says what is wrong, all of it", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto refusal = [&](const std::string& body) {
    return check_failure(gateway.admin("POST", "/admin/keys", body), 400, "PLATFORM_REQUEST_INVALID");
  };
  CHECK(refusal("{}").at("message") == "tenant_id is required");
  CHECK(refusal("{}").at("details") == json{{"tenant_id", "required"}});
  CHECK(refusal("").at("param").is_null());
  CHECK(refusal("[]").at("param").is_null());
  CHECK(refusal("{").at("param").is_null());
  CHECK(refusal(R"({"tenant_id":"a b"})").at("param") == "tenant_id");
  CHECK(refusal(R"({"tenant_id":7})").at("param") == "tenant_id");
  CHECK(refusal("{\"tenant_id\":\"\xff\"}").at("param").is_null());
  const auto many =
      refusal(R"({"tenant_id":"a","quota_daily_requests":"x","models":"gpt","expires_at":"soon",)"
              R"("quota":{"daily":1},"limits":{"requests_per_minute":-1},"metadata":{"a":1},"colour":1})");
  std::set<std::string> wrong;
  for (const auto& [name, text] : many.at("details").items()) wrong.insert(name);
  CHECK(wrong == std::set<std::string>{"quota_daily_requests", "models", "expires_at", "quota.daily",
                                       "limits.requests_per_minute", "metadata", "colour"});
  CHECK(gateway.admin("GET", "/admin/keys").body == "[]");
}

TEST_CASE("a key_id that is taken is a conflict, until its key is deleted", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const json fields{{"tenant_id", "acme"}, {"key_id", "mine"}};
  gateway.make_key(fields);
  check_failure(gateway.admin("POST", "/admin/keys", fields.dump()), 409, "PLATFORM_CONFLICT");
  CHECK(gateway.admin("DELETE", "/admin/keys/mine").status == 204);
  gateway.make_key(fields);
}

TEST_CASE("a key that is not there is not found, whatever is asked of it", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"GET", "/admin/keys/none"},
                                                        {"PATCH", "/admin/keys/none"},
                                                        {"DELETE", "/admin/keys/none"},
                                                        {"GET", "/admin/keys/none/usage"},
                                                        {"POST", "/admin/keys/none/rotate"}}) {
    INFO(method << " " << path);
    check_failure(gateway.admin(method, path, method == "PATCH" ? R"({"name":"x"})" : ""), 404, "PLATFORM_NOT_FOUND");
  }
}

TEST_CASE("keys are listed page by page, by tenant", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  std::set<std::string> made;
  for (int i = 0; i < 5; ++i) made.insert(gateway.make_key({{"tenant_id", "acme"}}).at("key_id"));
  for (int i = 0; i < 2; ++i) gateway.make_key({{"tenant_id", "other"}});
  std::set<std::string> seen;
  std::vector<std::size_t> sizes;
  for (std::string page = "/admin/keys?tenant_id=acme&limit=2"; !page.empty();) {
    const auto answer = gateway.admin("GET", page);
    REQUIRE(answer.status == 200);
    const auto list = answer.json();
    sizes.push_back(list.size());
    for (const auto& each : list) CHECK(seen.insert(each.at("key_id")).second);
    page = next_of(answer);
  }
  CHECK(seen == made);
  CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
  CHECK(gateway.admin("GET", "/admin/keys").json().size() == 7);
  CHECK(gateway.admin("GET", "/admin/keys?tenant_id=nobody").body == "[]");
  for (const auto* bad : {"0", "1001", "-1", "ten"})
    CHECK(check_failure(gateway.admin("GET", std::string("/admin/keys?limit=") + bad), 400, "PLATFORM_REQUEST_INVALID")
              .at("param") == "limit");
}

} // namespace
} // namespace gateway

#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

namespace gateway {
namespace {

using nlohmann::json;

/// The record of the only change with this method and status; it may come a moment after the answer when that is a
/// refusal.
json change_of(const gateway_fixture& gateway, const std::string& method, int status,
               const std::string& tenant = "acme") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end)
    for (const auto& each : gateway.changes(tenant))
      if (each.at("method") == method && each.at("status") == status) return each;
  throw std::runtime_error("there is no record of that change");
}

TEST_CASE("a change of a key is in its tenant's audit log when it is answered, before and after", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"key_id", "mine"}, {"name", "old"}});
  const auto made = gateway.changes();
  REQUIRE(made.size() == 1);
  CHECK(made[0].at("endpoint") == "/admin/keys");
  CHECK(made[0].at("method") == "POST");
  CHECK(made[0].at("status") == 201);
  CHECK(made[0].at("admin") == "admin");
  CHECK(made[0].at("tenant_id") == "acme");
  CHECK(made[0].at("key_id") == "mine");
  CHECK(made[0].at("counted") == false);
  CHECK(made[0].at("change").at("before").is_null());
  CHECK(made[0].at("change").at("after").at("name") == "old");

  gateway.admin("PATCH", "/admin/keys/mine", R"({"name":"new","limits":{"budget_usd_per_day":2.5}})");
  const auto changed = gateway.changes()[0];
  CHECK(changed.at("change").at("before").at("name") == "old");
  CHECK(changed.at("change").at("after").at("name") == "new");
  CHECK(changed.at("change").at("after").at("limits").at("budget_usd_per_day") == 2.5);

  gateway.admin("POST", "/admin/keys/mine/rotate", R"({"grace_s":60})");
  const auto rotated = gateway.changes()[0];
  CHECK(rotated.at("endpoint") == "/admin/keys/{}/rotate");
  CHECK(rotated.at("change").at("before").at("key_hint") == key.at("key_hint"));
  CHECK(rotated.at("change").at("after").at("key_hint") != key.at("key_hint"));

  gateway.admin("DELETE", "/admin/keys/mine");
  const auto deleted = gateway.changes()[0];
  CHECK(deleted.at("method") == "DELETE");
  CHECK(deleted.at("change").at("before").at("name") == "new");
  CHECK(deleted.at("change").at("after").is_null());
}

TEST_CASE("a change of a tenant is in its audit log, before and after", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  gateway.admin("PUT", "/admin/tenants/acme", R"({"quota":{"daily_requests":5}})");
  CHECK(gateway.changes()[0].at("change").at("before").is_null());
  gateway.admin("PUT", "/admin/tenants/acme", R"({"quota":{"daily_requests":6}})");
  const auto record = gateway.changes()[0];
  CHECK(record.at("endpoint") == "/admin/tenants/{}");
  CHECK(record.at("change").at("before").at("quota").at("daily_requests") == 5);
  CHECK(record.at("change").at("after").at("quota").at("daily_requests") == 6);
}

TEST_CASE("changes that were refused are in the audit log too, without a change", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.admin.tokens = {{"bob", secret("bob-token"), admin_role::viewer}};
  gateway.open();
  const json fields{{"tenant_id", "acme"}, {"key_id", "mine"}};
  gateway.make_key(fields);
  CHECK(gateway.admin("POST", "/admin/keys", fields.dump()).status == 409);
  CHECK(gateway.admin("PATCH", "/admin/keys/mine", R"({"colour":1})").status == 400);
  CHECK(gateway.admin("PUT", "/admin/tenants/acme", R"({"colour":1})").status == 400);
  const auto taken = change_of(gateway, "POST", 409);
  CHECK(taken.at("error_code") == "PLATFORM_CONFLICT");
  CHECK(taken.at("key_id") == "mine");
  CHECK(taken.at("change").is_null());
  const auto wrong = change_of(gateway, "PATCH", 400);
  CHECK(wrong.at("error_code") == "PLATFORM_REQUEST_INVALID");
  CHECK(wrong.at("key_id") == "mine");
  CHECK(wrong.at("change").is_null());
  CHECK(change_of(gateway, "PUT", 400).at("admin") == "admin");
}

TEST_CASE("looking, and calls of nobody that is known, are not in the audit log", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  gateway.make_key();
  gateway.admin("GET", "/admin/keys");
  gateway.admin_as("wrong", "POST", "/admin/keys", R"({"tenant_id":"acme"})");
  gateway.make_key();
  CHECK(gateway.changes().size() == 2);
}

TEST_CASE("no record of a change has a key in it, nor its digest", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"key_id", "mine"}}).at("key").get<std::string>();
  const auto next = gateway.admin("POST", "/admin/keys/mine/rotate").json().at("key").get<std::string>();
  gateway.admin("PATCH", "/admin/keys/mine", R"({"name":"x"})");
  gateway.admin("DELETE", "/admin/keys/mine");
  for (const auto* format : {"json", "jsonl", "csv"}) {
    const auto all = gateway.admin("GET", std::string("/admin/audit?tenant_id=acme&format=") + format);
    REQUIRE(all.status == 200);
    CHECK(all.body.find("rotate") != std::string::npos);
    for (const auto& each : {key, next}) {
      CHECK(all.body.find(each) == std::string::npos);
      CHECK(all.body.find(each.substr(3, 20)) == std::string::npos);
      CHECK(all.body.find(to_hex(digest_of(each))) == std::string::npos);
    }
    CHECK(all.body.find("operators-only") == std::string::npos);
    CHECK(all.body.find("digest") == std::string::npos);
  }
}

} // namespace
} // namespace gateway

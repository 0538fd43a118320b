#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

void add_operators(gateway_fixture& gateway) {
  gateway.settings.admin.tokens = {{"ada", secret("ada-token"), admin_role::admin},
                                   {"bob", secret("bob-token"), admin_role::viewer}};
}

TEST_CASE("every operator's token opens the admin endpoints, and its name is in the record", "[acceptance]") {
  gateway_fixture gateway;
  add_operators(gateway);
  gateway.open();
  CHECK(gateway.admin_as("ada-token", "POST", "/admin/keys", R"({"tenant_id":"acme","key_id":"a"})").status == 201);
  CHECK(gateway.admin("POST", "/admin/keys", R"({"tenant_id":"acme","key_id":"b"})").status == 201);
  const auto records = gateway.changes();
  REQUIRE(records.size() == 2);
  for (const auto& each : records) CHECK(each.at("admin") == (each.at("key_id") == "a" ? "ada" : "admin"));
  check_failure(gateway.admin_as("ada", "GET", "/admin/keys"), 403, "PLATFORM_AUTH_FORBIDDEN");
}

TEST_CASE("a viewer may look at everything and change nothing", "[acceptance]") {
  gateway_fixture gateway;
  add_operators(gateway);
  gateway.open();
  gateway.make_key({{"tenant_id", "acme"}, {"key_id", "mine"}});
  for (const auto* path : {"/admin/keys", "/admin/keys/mine", "/admin/keys/mine/usage", "/admin/tenants/acme",
                           "/admin/audit?tenant_id=acme", "/admin/usage", "/admin/upstreams"}) {
    INFO(path);
    CHECK(gateway.admin_as("bob-token", "GET", path).status == 200);
  }
  const auto before = gateway.admin("GET", "/admin/keys/mine").body;
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"POST", "/admin/keys"},
                                                        {"PATCH", "/admin/keys/mine"},
                                                        {"DELETE", "/admin/keys/mine"},
                                                        {"POST", "/admin/keys/mine/rotate"},
                                                        {"PUT", "/admin/tenants/acme"}}) {
    INFO(method << " " << path);
    const auto error = check_failure(gateway.admin_as("bob-token", method, path, R"({"tenant_id":"acme"})"), 403,
                                     "PLATFORM_AUTH_FORBIDDEN");
    CHECK(error.at("message").get<std::string>().find("viewer") != std::string::npos);
  }
  CHECK(gateway.admin("GET", "/admin/keys/mine").body == before);
  CHECK(gateway.admin("GET", "/admin/keys").json().size() == 1);
}

TEST_CASE("an empty admin.token lets nobody in, and the named ones still do", "[acceptance]") {
  gateway_fixture gateway;
  add_operators(gateway);
  gateway.settings.admin.token = secret();
  gateway.open();
  check_failure(gateway.admin_as("", "GET", "/admin/keys"), 403, "PLATFORM_AUTH_FORBIDDEN");
  check_failure(gateway.call("GET", "/admin/keys"), 403, "PLATFORM_AUTH_FORBIDDEN");
  CHECK(gateway.admin_as("ada-token", "GET", "/admin/keys").status == 200);
}

} // namespace
} // namespace gateway

#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using nlohmann::json;

const auto* const all_limits =
    R"({"quota":{"daily_requests":100,"daily_tokens":50000},"limits":{"requests_per_minute":60,"tokens_per_minute":9000,)"
    R"("concurrent_requests":4,"budget_usd_per_day":1.5,"budget_usd_per_month":20},"time_zone":"Europe/Berlin"})";

TEST_CASE("limits of a tenant are shown as they were set, and replaced as a whole", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto set = gateway.admin("PUT", "/admin/tenants/acme", all_limits);
  REQUIRE(set.status == 200);
  auto expected = json::parse(all_limits);
  expected["tenant_id"] = "acme";
  CHECK(set.json() == expected);
  CHECK(gateway.admin("GET", "/admin/tenants/acme").json() == expected);
  const auto less = gateway.admin("PUT", "/admin/tenants/acme", R"({"limits":{"tokens_per_minute":7}})").json();
  CHECK(less.at("limits").at("tokens_per_minute") == 7);
  CHECK(less.at("limits").at("requests_per_minute").is_null());
  CHECK(less.at("quota") == json{{"daily_requests", nullptr}, {"daily_tokens", nullptr}});
  CHECK(less.at("time_zone") == "UTC");
  gateway.reopen();
  CHECK(gateway.admin("GET", "/admin/tenants/acme").json() == less);
}

TEST_CASE("a tenant is known by its keys or by its limits", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  check_failure(gateway.admin("GET", "/admin/tenants/acme"), 404, "PLATFORM_NOT_FOUND");
  gateway.make_key();
  const auto shown = gateway.admin("GET", "/admin/tenants/acme");
  CHECK(shown.status == 200);
  CHECK(shown.json().at("quota").at("daily_requests").is_null());
  gateway.admin("PUT", "/admin/tenants/other", "{}");
  CHECK(gateway.admin("GET", "/admin/tenants/other").status == 200);
}

TEST_CASE("limits of a tenant that make no sense are refused", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto refused = gateway.admin("PUT", "/admin/tenants/acme",
                                     R"({"limits":{"budget_usd_per_day":-1},"time_zone":"Nowhere","x":1})");
  const auto details = check_failure(refused, 400, "PLATFORM_REQUEST_INVALID").at("details");
  CHECK(details.size() == 3);
  CHECK(details.contains("limits.budget_usd_per_day"));
  CHECK(details.contains("time_zone"));
  CHECK(
      check_failure(gateway.admin("PUT", "/admin/tenants/a%20b", "{}"), 400, "PLATFORM_REQUEST_INVALID").at("param") ==
      "tenant_id");
  check_failure(gateway.admin("PUT", "/admin/tenants/acme", "[]"), 400, "PLATFORM_REQUEST_INVALID");
}

TEST_CASE("a key has budgets and a time zone, in dollars and by its IANA name", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"},
                                     {"key_id", "mine"},
                                     {"time_zone", "Asia/Tokyo"},
                                     {"limits", {{"budget_usd_per_month", 12.25}}}});
  CHECK(key.at("time_zone") == "Asia/Tokyo");
  CHECK(key.at("limits").at("budget_usd_per_month") == 12.25);
  const auto changed =
      gateway.admin("PATCH", "/admin/keys/mine", R"({"time_zone":"UTC","limits":{"budget_usd_per_month":null}})");
  CHECK(changed.json().at("time_zone") == "UTC");
  CHECK(changed.json().at("limits").at("budget_usd_per_month").is_null());
  CHECK(gateway.make_key().at("time_zone") == "UTC");
  CHECK(check_failure(gateway.admin("PATCH", "/admin/keys/mine", R"({"time_zone":"Moon/Base"})"), 400,
                      "PLATFORM_REQUEST_INVALID")
            .at("param") == "time_zone");
}

TEST_CASE("what a key used is shown next to what its tenant used, money in dollars", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.models["echo"].cost = price{1'000'000, 2'000'000, 0};
  gateway.open();
  const auto key =
      gateway.make_key({{"tenant_id", "acme"}, {"key_id", "mine"}, {"limits", {{"budget_usd_per_day", 1}}}});
  const auto other = gateway.make_key();
  gateway.admin("PUT", "/admin/tenants/acme", all_limits);
  CHECK(gateway.chat(key.at("key")).status == 200);
  CHECK(gateway.chat(other.at("key")).status == 200);
  const auto usage = gateway.admin("GET", "/admin/keys/mine/usage").json();
  CHECK(usage.at("limits").at("daily_requests").at("used") == 1);
  CHECK(usage.at("limits").at("budget_usd_per_day").at("limit") == 1.0);
  CHECK(usage.at("limits").at("budget_usd_per_day").at("used").get<double>() > 0);
  CHECK(usage.at("limits").at("budget_usd_per_day").at("used").get<double>() < 0.001);
  const auto& tenant = usage.at("tenant_limits");
  CHECK(tenant.at("daily_requests").at("used") == 2);
  CHECK(tenant.at("daily_requests").at("remaining") == 98);
  for (const auto* name : {"daily_tokens", "requests_per_minute", "tokens_per_minute", "concurrent_requests",
                           "budget_usd_per_day", "budget_usd_per_month"})
    CHECK(tenant.at(name).contains("resets_at"));
  CHECK(tenant.at("budget_usd_per_month").at("limit") == 20.0);
}

TEST_CASE("new limits of a tenant hold for the next request of each of its keys", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto one = gateway.make_key().at("key").get<std::string>();
  const auto two = gateway.make_key().at("key").get<std::string>();
  const auto foreign = gateway.make_key({{"tenant_id", "other"}}).at("key").get<std::string>();
  CHECK(gateway.chat(one).status == 200);
  gateway.admin("PUT", "/admin/tenants/acme", R"({"quota":{"daily_requests":0}})");
  for (int i = 0; i < 8; ++i) { // On every worker.
    check_failure(gateway.chat(one), 429, "PLATFORM_QUOTA_EXCEEDED");
    check_failure(gateway.chat(two), 429, "PLATFORM_QUOTA_EXCEEDED");
    CHECK(gateway.chat(foreign).status == 200);
  }
  gateway.admin("PUT", "/admin/tenants/acme", "{}");
  CHECK(gateway.chat(one).status == 200);
}

} // namespace
} // namespace gateway

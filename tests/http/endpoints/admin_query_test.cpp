#include "http/endpoints/audit_wish.hpp"
#include "http/endpoints/tenant_json.hpp"
#include "http/endpoints/usage_json.hpp"
#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::sample_request;

result<audit_wish> audit_of(const std::string& query) {
  return read_audit_wish(sample_request("GET", "/admin/audit?" + query));
}

result<usage_query> usage_of(const std::string& query) {
  return read_usage_query(sample_request("GET", "/admin/usage?" + query));
}

result<tenant_limits> tenant_of(const std::string& body) {
  return read_tenant_limits(sample_request("PUT", "/admin/tenants/acme", {{"Content-Type", "application/json"}}, body));
}

TEST_CASE("a page of the audit log has up to 1000 records, an export as many as there are") {
  CHECK(audit_of("tenant_id=a")->query.limit == 100);
  CHECK(audit_of("tenant_id=a&limit=7")->query.limit == 7);
  CHECK(audit_of("tenant_id=a&limit=1001").error().param == "limit");
  CHECK(audit_of("tenant_id=a&format=jsonl")->query.limit == 1000);
  CHECK(audit_of("tenant_id=a&format=jsonl")->limit == UINT64_MAX);
  const auto some = audit_of("tenant_id=a&format=csv&limit=2500");
  CHECK(some->format == audit_format::csv);
  CHECK(some->query.limit == 1000);
  CHECK(some->limit == 2500);
  CHECK(audit_of("tenant_id=a&format=csv&limit=3")->query.limit == 3);
}

TEST_CASE("every filter of the audit log is taken") {
  const auto wish = audit_of(
      "tenant_id=a&key_id=k&status=429&model=m&request_id=r&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
      "&cursor=9&format=json");
  REQUIRE(wish);
  const auto& query = wish->query;
  CHECK(query.tenant_id == "a");
  CHECK(query.key_id == "k");
  CHECK(query.status == 429);
  CHECK(query.model == "m");
  CHECK(query.request_id == "r");
  CHECK(query.from == from_rfc3339("2026-01-01T00:00:00Z"));
  CHECK(query.to == from_rfc3339("2026-01-02T00:00:00Z"));
  CHECK(query.before == 9U);
}

TEST_CASE("a format that there is not is refused") {
  CHECK(audit_of("tenant_id=a&format=xml").error().param == "format");
  CHECK(audit_of("format=csv").error().param == "tenant_id");
}

TEST_CASE("usage is grouped by what is asked for, in that order") {
  const auto query = usage_of("group_by=day,tenant_id,key_id,model,upstream&tenant_id=a&key_id=k");
  REQUIRE(query);
  CHECK(query->group_by == std::vector{usage_group::day, usage_group::tenant_id, usage_group::key_id,
                                       usage_group::model, usage_group::upstream});
  CHECK(query->tenant_id == "a");
  CHECK(query->key_id == "k");
  CHECK(usage_of("")->group_by.empty());
}

TEST_CASE("a group that there is not, or that comes twice, is refused") {
  const std::string groups = GENERATE("colour", "day,colour", "day,day", "day,,model", "Day", ",");
  CHECK(usage_of("group_by=" + groups).error().param == "group_by");
}

TEST_CASE("a sum shows its groups, then what was used") {
  usage_row row;
  row.model = "m";
  row.requests = 3;
  row.errors = 1;
  row.usage = {10, 20, 3, 4};
  row.cost = 1'500'000;
  const auto shown = to_json(usage_rows{row}, {usage_group::model, usage_group::upstream}).at(0);
  CHECK(shown.dump() ==
        R"({"model":"m","upstream":null,"requests":3,"errors":1,"prompt_tokens":10,"completion_tokens":20,)"
        R"("cached_tokens":3,"reasoning_tokens":4,"total_tokens":30,"cost_usd":1.5})");
}

TEST_CASE("limits of a tenant are read whole: what is null or not named is not limited") {
  const auto limits =
      tenant_of(R"({"quota":{"daily_requests":5,"daily_tokens":null},"limits":{"budget_usd_per_month":12.5},)"
                R"("time_zone":"Europe/Berlin"})");
  REQUIRE(limits);
  tenant_limits expected;
  expected.daily_requests = 5;
  expected.limits.budget_per_month = 12'500'000;
  expected.time_zone = "Europe/Berlin";
  CHECK(*limits == expected);
  CHECK(*tenant_of("{}") == tenant_limits{});
  CHECK(to_json("acme", expected).dump() ==
        R"({"tenant_id":"acme","quota":{"daily_requests":5,"daily_tokens":null},"limits":{"requests_per_minute":null,)"
        R"("tokens_per_minute":null,"concurrent_requests":null,"budget_usd_per_day":null,"budget_usd_per_month":12.5},)"
        R"("time_zone":"Europe/Berlin"})");
}

TEST_CASE("limits of a tenant that make no sense are refused, all of them at once") {
  const auto refused = tenant_of(R"({"quota":{"daily_requests":-1,"x":1},"limits":{"budget_usd_per_day":"1"},)"
                                 R"("time_zone":"Europe/Atlantis","name":"x"})");
  REQUIRE_FALSE(refused);
  std::vector<std::string> wrong;
  for (const auto& [name, what] : refused.error().details) wrong.push_back(name);
  std::sort(wrong.begin(), wrong.end());
  CHECK(wrong ==
        std::vector<std::string>{"limits.budget_usd_per_day", "name", "quota.daily_requests", "quota.x", "time_zone"});
}

} // namespace
} // namespace gateway

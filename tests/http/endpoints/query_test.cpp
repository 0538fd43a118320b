#include "http/endpoints/query.hpp"

#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::sample_request;

TEST_CASE("the parameters of a query are taken by name, and an empty one counts as missing") {
  const auto asked = sample_request("GET", "/x?tenant_id=a%26b&empty=&limit=5&from=2026-01-31T00:00:00Z");
  query_fields fields(asked);
  CHECK(fields.text("tenant_id") == "a&b");
  CHECK(fields.text("empty") == std::nullopt);
  CHECK(fields.text("missing") == std::nullopt);
  CHECK(fields.number("limit", 1, 1000) == 5U);
  CHECK(fields.number("missing", 1, 1000) == std::nullopt);
  CHECK(fields.moment("from") == from_rfc3339("2026-01-31T00:00:00Z"));
  CHECK(fields.finish() == std::nullopt);
}

TEST_CASE("a number that is none, or out of bounds, is refused") {
  const std::string value = GENERATE("0", "1001", "-1", "+5", "5.0", "5x", "x", "%205", "99999999999999999999", "0x5");
  const auto asked = sample_request("GET", "/x?limit=" + value);
  query_fields fields(asked);
  CHECK(fields.number("limit", 1, 1000) == std::nullopt);
  const auto why = fields.finish();
  REQUIRE(why);
  CHECK(why->code == ec::request_invalid);
  CHECK(why->param == "limit");
  CHECK(why->message == "limit: must be a whole number from 1 to 1000");
}

TEST_CASE("the bounds of a number are within them") {
  const auto asked = sample_request("GET", "/x?a=1&b=1000");
  query_fields fields(asked);
  CHECK(fields.number("a", 1, 1000) == 1U);
  CHECK(fields.number("b", 1, 1000) == 1000U);
}

TEST_CASE("everything that is wrong with a query is said at once") {
  const auto asked = sample_request("GET", "/x?limit=0&from=yesterday");
  query_fields fields(asked);
  fields.complain("tenant_id", "required");
  fields.number("limit", 1, 1000);
  fields.moment("from");
  const auto why = fields.finish();
  REQUIRE(why);
  CHECK(why->message == "tenant_id is required");
  REQUIRE(why->details.size() == 3);
  CHECK(why->details[1].first == "limit");
  CHECK(why->details[2].first == "from");
}

TEST_CASE("the next page is the same question with another cursor") {
  CHECK(next_link(sample_request("GET", "/admin/audit?tenant_id=a%26b&limit=5"), "7") ==
        R"(</admin/audit?cursor=7&tenant_id=a%26b&limit=5>; rel="next")");
  CHECK(next_link(sample_request("GET", "/admin/keys?cursor=old&limit=5"), "a b/>") ==
        R"(</admin/keys?cursor=a%20b%2F%3E&limit=5>; rel="next")");
  CHECK(next_link(sample_request("GET", "/admin/keys"), "7") == R"(</admin/keys?cursor=7>; rel="next")");
}

} // namespace
} // namespace gateway

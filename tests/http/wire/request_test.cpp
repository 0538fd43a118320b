#include "http/wire/request.hpp"

#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::sample_request;

TEST_CASE("a target is a path and perhaps a query") {
  const auto plain = sample_request("GET", "/healthz");
  CHECK(plain.path() == "/healthz");
  CHECK(plain.query().empty());
  const auto asked = sample_request("GET", "/admin/audit?tenant_id=acme&x=?y");
  CHECK(asked.path() == "/admin/audit");
  CHECK(asked.query() == "tenant_id=acme&x=?y");
  CHECK(sample_request("GET", "/?").query().empty());
}

TEST_CASE("a header is found in any case of letters, and is empty when it is not there") {
  const auto asked = sample_request("GET", "/", {{"X-API", ""}, {"X-Api-kEY", "one"}, {"x-api-key", "two"}});
  CHECK(asked.header("x-api-key") == "one");
  CHECK(asked.header("x-api").empty());
  CHECK(asked.header("x").empty());
}

TEST_CASE("JSON is known by its media type, whatever its parameters") {
  const auto type = GENERATE("application/json", "application/json; charset=utf-8", "Application/JSON",
                             "application/json ;charset=utf-8");
  CHECK(sample_request("POST", "/", {{"Content-Type", type}}).is_json());
}

TEST_CASE("what only looks like JSON is not taken for it") {
  const auto type = GENERATE("", "text/plain", "application/jsonl", "application/x-www-form-urlencoded", "json");
  CHECK_FALSE(sample_request("POST", "/", {{"Content-Type", type}}).is_json());
}

TEST_CASE("percent signs are decoded, and malformed ones are left as they are") {
  CHECK(percent_decoded("a%2Fb%2fc") == "a/b/c");
  CHECK(percent_decoded("%41%zz%4") == "A%zz%4");
  CHECK(percent_decoded("100%") == "100%");
  CHECK(percent_decoded("%") == "%");
  CHECK(percent_decoded("%%41") == "%A");
  CHECK(percent_decoded("%00").size() == 1);
  CHECK(percent_decoded("a+b") == "a+b");
  CHECK(percent_decoded("a+b%2B", true) == "a b+");
}

TEST_CASE("a parameter of a query is the first of its name, decoded") {
  CHECK(query_parameter("a=1&b=2&a=3", "a") == "1");
  CHECK(query_parameter("a=1&b=x%20y+z", "b") == "x y z");
  CHECK(query_parameter("a%20b=c", "a b") == "c");
  CHECK(query_parameter("a", "a") == "");
  CHECK(query_parameter("a=", "a") == "");
  CHECK(query_parameter("a=b=c", "a") == "b=c");
  CHECK(query_parameter("&&b=1&", "b") == "1");
  CHECK(query_parameter("ab=1", "a") == std::nullopt);
  CHECK(query_parameter("", "a") == std::nullopt);
}

} // namespace
} // namespace gateway

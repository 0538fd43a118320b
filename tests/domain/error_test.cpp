#include "domain/error.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("every code has its text from the contract") {
  const std::pair<ec, std::string_view> expected[] = {
      {ec::request_invalid, "PLATFORM_REQUEST_INVALID"},
      {ec::missing_api_key, "PLATFORM_AUTH_MISSING_API_KEY"},
      {ec::invalid_api_key, "PLATFORM_AUTH_INVALID_API_KEY"},
      {ec::forbidden, "PLATFORM_AUTH_FORBIDDEN"},
      {ec::not_found, "PLATFORM_NOT_FOUND"},
      {ec::method_not_allowed, "PLATFORM_METHOD_NOT_ALLOWED"},
      {ec::request_timeout, "PLATFORM_REQUEST_TIMEOUT"},
      {ec::conflict, "PLATFORM_CONFLICT"},
      {ec::request_too_large, "PLATFORM_REQUEST_TOO_LARGE"},
      {ec::header_too_large, "PLATFORM_REQUEST_TOO_LARGE"},
      {ec::rate_limited, "PLATFORM_RATE_LIMITED"},
      {ec::quota_exceeded, "PLATFORM_QUOTA_EXCEEDED"},
      {ec::internal_error, "PLATFORM_INTERNAL_ERROR"},
      {ec::overloaded, "PLATFORM_OVERLOADED"},
      {ec::dependency_unavailable, "PLATFORM_DEPENDENCY_UNAVAILABLE"},
      {ec::upstream_rejected, "UPSTREAM_REJECTED"},
      {ec::upstream_rate_limited, "UPSTREAM_RATE_LIMITED"},
      {ec::upstream_timeout, "UPSTREAM_TIMEOUT"},
      {ec::upstream_unavailable, "UPSTREAM_UNAVAILABLE"},
  };
  for (const auto& [code, text] : expected) CHECK(to_string(code) == text);
  CHECK(to_string(ec::none).empty());
}

TEST_CASE("a missing part of the gateway asks the caller to come back") {
  const auto why = unavailable("the ledger is restarting");
  CHECK(why.code == ec::dependency_unavailable);
  CHECK(why.message == "the ledger is restarting");
  CHECK(why.retry_after == std::chrono::seconds{1});
}

TEST_CASE("fail names the field at fault") {
  const result<int> nothing = fail(ec::request_invalid, "n must be a number", "n");
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == ec::request_invalid);
  CHECK(nothing.error().param == "n");
}

#include "http/wire/status.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gateway {
namespace {

using nlohmann::json;

struct row {
  ec code;
  std::string_view name;
  int status;
  std::string_view type;
  bool retryable;
};

// As docs/contract.md, section 4, has them.
const row contract[] = {
    {ec::request_invalid, "PLATFORM_REQUEST_INVALID", 400, "platform", false},
    {ec::missing_api_key, "PLATFORM_AUTH_MISSING_API_KEY", 401, "platform", false},
    {ec::invalid_api_key, "PLATFORM_AUTH_INVALID_API_KEY", 401, "platform", false},
    {ec::forbidden, "PLATFORM_AUTH_FORBIDDEN", 403, "platform", false},
    {ec::not_found, "PLATFORM_NOT_FOUND", 404, "platform", false},
    {ec::method_not_allowed, "PLATFORM_METHOD_NOT_ALLOWED", 405, "platform", false},
    {ec::request_timeout, "PLATFORM_REQUEST_TIMEOUT", 408, "platform", true},
    {ec::conflict, "PLATFORM_CONFLICT", 409, "platform", false},
    {ec::request_too_large, "PLATFORM_REQUEST_TOO_LARGE", 413, "platform", false},
    {ec::header_too_large, "PLATFORM_REQUEST_TOO_LARGE", 431, "platform", false},
    {ec::rate_limited, "PLATFORM_RATE_LIMITED", 429, "platform", true},
    {ec::quota_exceeded, "PLATFORM_QUOTA_EXCEEDED", 429, "platform", false},
    {ec::internal_error, "PLATFORM_INTERNAL_ERROR", 500, "platform", true},
    {ec::overloaded, "PLATFORM_OVERLOADED", 503, "platform", true},
    {ec::dependency_unavailable, "PLATFORM_DEPENDENCY_UNAVAILABLE", 503, "platform", true},
    {ec::upstream_rate_limited, "UPSTREAM_RATE_LIMITED", 429, "upstream", true},
    {ec::upstream_timeout, "UPSTREAM_TIMEOUT", 504, "upstream", true},
    {ec::upstream_unavailable, "UPSTREAM_UNAVAILABLE", 502, "upstream", true},
};

failure with_code(ec code) {
  failure why;
  why.code = code;
  why.message = "this is why";
  return why;
}

TEST_CASE("every code has the status, the type and the word on repeating of the contract") {
  for (const auto& expected : contract) {
    INFO(expected.name);
    CHECK(http_status(with_code(expected.code)) == expected.status);
    CHECK(status_of(expected.code).type == expected.type);
    CHECK(status_of(expected.code).retryable == expected.retryable);
    const auto error = json::parse(error_body(with_code(expected.code), "r1")).at("error");
    CHECK(error.at("code") == expected.name);
    CHECK(error.at("type") == expected.type);
  }
}

TEST_CASE("an upstream's refusal keeps its own status, as long as that is a 4xx") {
  auto why = with_code(ec::upstream_rejected);
  for (const int status : {400, 404, 422, 499}) {
    why.upstream_status = status;
    CHECK(http_status(why) == status);
  }
  for (const int status : {0, 200, 399, 500, 503}) {
    why.upstream_status = status;
    CHECK(http_status(why) == 400);
  }
  CHECK(status_of(ec::upstream_rejected).type == "upstream");
}

TEST_CASE("an upstream's status is not passed on with any other code") {
  auto why = with_code(ec::upstream_unavailable);
  why.upstream_status = 401;
  CHECK(http_status(why) == 502);
}

TEST_CASE("an error body has every field, in the contract's order, and null where there is nothing") {
  CHECK(error_body(with_code(ec::not_found), "7f6c") ==
        R"({"error":{"code":"PLATFORM_NOT_FOUND","message":"this is why","type":"platform","param":null,)"
        R"("retry_after":0,"details":{},"request_id":"7f6c"}})");
}

TEST_CASE("an error body says which field is at fault, what else is known, and when to come again") {
  auto why = with_code(ec::quota_exceeded);
  why.param = "tenant_id";
  why.retry_after = std::chrono::seconds(90);
  why.details = {{"limit", "daily_tokens"}, {"resets_at", "2026-01-01T00:00:00Z"}};
  const auto error = json::parse(error_body(why, "r")).at("error");
  CHECK(error.at("param") == "tenant_id");
  CHECK(error.at("retry_after") == 90);
  CHECK(error.at("details") == json{{"limit", "daily_tokens"}, {"resets_at", "2026-01-01T00:00:00Z"}});
}

TEST_CASE("an upstream's own error is passed on as JSON, or as text when it is none") {
  auto why = with_code(ec::upstream_rejected);
  why.upstream_error = R"({"error":{"message":"context too long"}})";
  CHECK(json::parse(error_body(why, "r"))["error"]["details"]["upstream"]["error"]["message"] == "context too long");
  why.upstream_error = "<html>";
  CHECK(json::parse(error_body(why, "r"))["error"]["details"]["upstream"] == "<html>");
}

TEST_CASE("an error body is valid JSON whatever a caller sent, and never shows the operator's note") {
  auto why = with_code(ec::not_found);
  why.message = "there is no model \"\xff\xfe\"\r\n\x01";
  why.note = "connecting to 10.0.0.1";
  const auto body = error_body(why, "r");
  CHECK(json::accept(body));
  CHECK(body.find("10.0.0.1") == std::string::npos);
  CHECK(body.find('\n') == std::string::npos);
}

TEST_CASE("a status has the reason phrase of the RFC, and any other has one too") {
  CHECK(reason_phrase(200) == "OK");
  CHECK(reason_phrase(404) == "Not Found");
  CHECK(reason_phrase(431) == "Request Header Fields Too Large");
  CHECK(reason_phrase(503) == "Service Unavailable");
  CHECK(reason_phrase(420) == "Error");
  CHECK(reason_phrase(799) == "Error");
}

} // namespace
} // namespace gateway

#include "tests/acceptance/failures.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

namespace gateway {
namespace {

const std::set<std::string> not_worth_repeating{"PLATFORM_REQUEST_INVALID",
                                                "PLATFORM_AUTH_MISSING_API_KEY",
                                                "PLATFORM_AUTH_INVALID_API_KEY",
                                                "PLATFORM_AUTH_FORBIDDEN",
                                                "PLATFORM_NOT_FOUND",
                                                "PLATFORM_METHOD_NOT_ALLOWED",
                                                "PLATFORM_CONFLICT",
                                                "PLATFORM_REQUEST_TOO_LARGE",
                                                "PLATFORM_QUOTA_EXCEEDED",
                                                "UPSTREAM_REJECTED"};

std::vector<std::string> names_of(const nlohmann::json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

void check_headers(const http_response& answer, const nlohmann::json& error) {
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK(answer.header("X-Request-ID") == error.at("request_id").get<std::string>());
  CHECK(answer.header("request-id") == answer.header("X-Request-ID"));
  const auto retry_after = error.at("retry_after").get<long>();
  CHECK(answer.header("Retry-After") == (retry_after > 0 ? std::to_string(retry_after) : ""));
  // What a minute can never cover comes without a time.
  const bool never_fits = error.at("code") == "PLATFORM_RATE_LIMITED" && retry_after == 0;
  const bool is_final = never_fits || not_worth_repeating.contains(error.at("code"));
  CHECK(answer.header("x-should-retry") == (is_final ? "false" : ""));
  for (const auto* once : {"Content-Type", "X-Request-ID", "request-id", "Content-Length"})
    CHECK(count_headers(answer.headers, once) == 1);
}

} // namespace

nlohmann::json check_failure(const http_response& answer, int status, const std::string& code) {
  INFO(answer.status_line << "\n" << answer.body);
  CHECK(answer.status == status);
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  REQUIRE(body.is_object());
  CHECK(names_of(body) == std::vector<std::string>{"error"});
  const auto& error = body.at("error");
  CHECK(names_of(error) ==
        std::vector<std::string>{"code", "details", "message", "param", "request_id", "retry_after", "type"});
  CHECK(error.at("code") == code);
  CHECK(error.at("type") == (code.starts_with("UPSTREAM_") ? "upstream" : "platform"));
  CHECK(error.at("message").get<std::string>().size() > 5);
  CHECK((error.at("param").is_null() || error.at("param").is_string()));
  CHECK(error.at("details").is_object());
  check_headers(answer, error);
  return error;
}

} // namespace gateway

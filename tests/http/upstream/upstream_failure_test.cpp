#include "http/upstream/upstream_failure.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

constexpr std::string_view said = R"({"error":{"message":"context too long","type":"invalid_request_error"}})";

TEST_CASE("a provider's refusal of the request is passed on, with its status, its message and its own error") {
  const int status = GENERATE(400, 404, 413, 422);
  const auto why = failure_of({status, said, 0s});
  CHECK(why.code == ec::upstream_rejected);
  CHECK(why.upstream_status == status);
  CHECK(why.message == "context too long");
  CHECK(why.upstream_error == said);
}

TEST_CASE("a refusal without a message has one of ours, and one that is huge is not passed on") {
  CHECK_FALSE(failure_of({400, "", 0s}).message.empty());
  CHECK_FALSE(failure_of({400, R"({"error":{"message":""}})", 0s}).message.empty());
  CHECK(failure_of({400, "<html>", 0s}).upstream_error == "<html>");
  CHECK(failure_of({400, std::string(20'000, 'x'), 0s}).upstream_error.empty());
}

TEST_CASE("a provider that did not take our credentials is the operator's business, who alone hears why") {
  const int status = GENERATE(401, 403);
  const auto why = failure_of({status, R"({"error":{"message":"bad key sk-123","code":"invalid_api_key"}})", 0s});
  CHECK(why.code == ec::upstream_unavailable);
  CHECK(why.upstream_error.empty());
  CHECK_THAT(why.message, !Contains("sk-123"));
  CHECK_THAT(why.note, Contains(std::to_string(status)) && Contains("invalid_api_key") && !Contains("sk-123"));
}

TEST_CASE("a provider that failed is unavailable, and the operator hears the kind of its error") {
  const int status = GENERATE(500, 502, 503, 529, 301, 199);
  const auto why = failure_of({status, said, 0s});
  CHECK(why.code == ec::upstream_unavailable);
  CHECK(why.upstream_error.empty());
  CHECK_THAT(why.message, !Contains("context too long"));
  CHECK_THAT(why.note, Contains(std::to_string(status)) && Contains("invalid_request_error") && !Contains("too long"));
}

TEST_CASE("a provider that is rate limited says when to come again, or we do") {
  const auto told = failure_of({429, said, 17s});
  CHECK(told.code == ec::upstream_rate_limited);
  CHECK(told.retry_after == 17s);
  CHECK(failure_of({429, "", 0s}).retry_after == 1s);
}

TEST_CASE("an operator's note stays short, however much a provider says") {
  const auto body = R"({"error":{"type":")" + std::string(5000, 'x') + R"("}})";
  CHECK(failure_of({500, body, 0s}).note.size() < 400);
}

TEST_CASE("a timeout names its phase, and a broken connection shows only the operator how it broke") {
  const auto late = timed_out("first_byte");
  CHECK(late.code == ec::upstream_timeout);
  CHECK(late.details == std::vector<std::pair<std::string, std::string>>{{"phase", "first_byte"}});
  const auto broken = unreachable("connecting to 10.0.0.1:80: refused");
  CHECK(broken.code == ec::upstream_unavailable);
  CHECK_THAT(broken.message, !Contains("10.0.0.1"));
  CHECK_THAT(broken.note, Contains("10.0.0.1"));
}

} // namespace
} // namespace gateway

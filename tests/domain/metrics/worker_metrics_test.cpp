#include "domain/metrics/worker_metrics.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

ended_request served(std::string_view model = "openai/*") {
  ended_request what;
  what.labels = {"/v1/chat/completions", model, 200, {}};
  what.took = 3ms;
  what.waited = 2ms;
  what.usage = {10, 5, 4, 3};
  what.cost = 7;
  return what;
}

std::uint64_t requests(const worker_metrics& counts, const request_labels_view& labels) {
  const auto found = counts.requests.find(labels);
  return found == counts.requests.end() ? 0 : found->second;
}

} // namespace

TEST_CASE("requests are told apart by endpoint, model, status and code") {
  worker_metrics counts;
  counts.count(served());
  counts.count(served());
  counts.count(served("gpt"));
  auto refused = served();
  refused.labels.status = 429;
  refused.labels.code = "PLATFORM_QUOTA_EXCEEDED";
  counts.count(refused);
  refused.labels.code = "UPSTREAM_RATE_LIMITED";
  counts.count(refused);
  CHECK(counts.requests.size() == 4);
  CHECK(requests(counts, {"/v1/chat/completions", "openai/*", 200, "none"}) == 2);
  CHECK(requests(counts, {"/v1/chat/completions", "gpt", 200, "none"}) == 1);
  CHECK(requests(counts, {"/v1/chat/completions", "openai/*", 429, "UPSTREAM_RATE_LIMITED"}) == 1);
}

TEST_CASE("a request without an endpoint, model or error is counted as none") {
  worker_metrics counts;
  counts.count({});
  counts.count_turned_away(431, "PLATFORM_REQUEST_TOO_LARGE");
  CHECK(requests(counts, {"none", "none", 0, "none"}) == 1);
  CHECK(requests(counts, {"none", "none", 431, "PLATFORM_REQUEST_TOO_LARGE"}) == 1);
  CHECK(counts.endpoints.at("none").whole.count() == 1);
  CHECK(counts.models.empty());
}

TEST_CASE("the gateway's own time is what was not spent waiting for upstreams") {
  worker_metrics counts;
  counts.count(served());
  const auto& times = counts.endpoints.at("/v1/chat/completions");
  CHECK(times.whole.sum() == 3ms);
  CHECK(times.own.sum() == 1ms);
}

TEST_CASE("only what had a first token is in its histogram") {
  worker_metrics counts;
  counts.count(served());
  auto streamed = served();
  streamed.first_token = 1ms;
  counts.count(streamed);
  CHECK(counts.models.at("openai/*").first_token.count() == 1);
  CHECK(counts.models.at("openai/*").first_token.sum() == 1ms);
}

TEST_CASE("what two workers counted adds up, also where only one of them has counted") {
  worker_metrics one;
  one.count(served());
  one.calls_to("openai")[verdict::answered] = 2;
  one.count_refusal(limit_scope::tenant, limit_kind::daily_tokens);
  one.in_flight = 1;
  one.sessions = 10;
  one.audit_queue = 100;
  one.audit_records = 1000;
  worker_metrics other;
  other.count(served());
  other.count(served("gpt"));
  other.calls_to("openai")[verdict::failed] = 3;
  other.calls_to("echo")[verdict::abandoned] = 4;
  other.calls_to("echo")[verdict::declined] = 5;
  other.count_refusal(limit_scope::tenant, limit_kind::daily_tokens);
  other.count_refusal(limit_scope::key, limit_kind::concurrent_requests);
  other.in_flight = 2;
  other.sessions = 20;
  other.audit_queue = 200;
  other.audit_records = 2000;

  one.merge(other);
  CHECK(requests(one, {"/v1/chat/completions", "openai/*", 200, "none"}) == 2);
  CHECK(requests(one, {"/v1/chat/completions", "gpt", 200, "none"}) == 1);
  CHECK(one.endpoints.at("/v1/chat/completions").whole.sum() == 9ms);
  CHECK(one.endpoints.at("/v1/chat/completions").own.count() == 3);
  CHECK(one.models.at("openai/*").tokens == token_usage{20, 10, 8, 6});
  CHECK(one.models.at("openai/*").cost == 14);
  CHECK(one.models.at("gpt").cost == 7);
  CHECK(one.upstreams.at("openai")[verdict::answered] == 2);
  CHECK(one.upstreams.at("openai")[verdict::failed] == 3);
  CHECK(one.upstreams.at("echo")[verdict::abandoned] == 4);
  CHECK(one.upstreams.at("echo")[verdict::declined] == 5);
  CHECK(one.refusals[1][static_cast<std::size_t>(limit_kind::daily_tokens)] == 2);
  CHECK(one.refusals[0][static_cast<std::size_t>(limit_kind::concurrent_requests)] == 1);
  CHECK(one.refusals[0][static_cast<std::size_t>(limit_kind::daily_tokens)] == 0);
  CHECK(one.in_flight == 3);
  CHECK(one.sessions == 30);
  CHECK(one.audit_queue == 300);
  CHECK(one.audit_records == 3000);
}

TEST_CASE("the counts of an upstream stay where they are when others come") {
  worker_metrics counts;
  auto& outcomes = counts.calls_to("first");
  for (int i = 0; i < 1000; ++i) counts.calls_to("upstream " + std::to_string(i));
  CHECK(&counts.calls_to("first") == &outcomes);
}

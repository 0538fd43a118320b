#include "domain/metrics/gateway_metrics.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("every metric of the contract has its help and its type before anything was counted") {
  const auto text = to_exposition({});
  for (const std::string name :
       {"gateway_requests_total", "gateway_tokens_total", "gateway_cost_usd_total", "gateway_upstream_requests_total",
        "gateway_audit_records_total", "gateway_quota_refusals_total", "gateway_actor_restarts_total",
        "process_cpu_seconds_total"})
    CHECK(has_line(text, "# TYPE " + name + " counter"));
  for (const std::string name :
       {"gateway_request_duration_seconds", "gateway_overhead_seconds", "gateway_time_to_first_token_seconds"})
    CHECK(has_line(text, "# TYPE " + name + " histogram"));
  for (const std::string name :
       {"gateway_in_flight", "gateway_sessions", "gateway_buffered_bytes", "gateway_actors", "gateway_audit_queue",
        "gateway_build_info", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds",
        "process_max_fds", "process_start_time_seconds"})
    CHECK(has_line(text, "# TYPE " + name + " gauge"));
}

TEST_CASE("what was counted is told under the names and labels of the contract") {
  gateway_metrics all;
  ended_request ended;
  ended.labels = {"/v1/chat/completions", "openai/*", 200, {}};
  ended.took = 4ms;
  ended.waited = 3ms;
  ended.first_token = 2ms;
  ended.usage = {10, 5, 4, 3};
  ended.cost = 1'250'000;
  all.counts.count(ended);
  all.counts.calls_to("openai")[verdict::answered] = 1;
  all.counts.calls_to("openai")[verdict::declined] = 2;
  all.counts.count_refusal(limit_scope::tenant, limit_kind::budget_per_day);
  all.counts.in_flight = 6;
  all.counts.sessions = 7;
  all.counts.buffered_bytes = 12;
  all.actors = 11;
  all.counts.audit_queue = 8;
  all.counts.audit_records = 9;
  all.restarts = {{"quota", 2}, {"auth", 0}};
  all.process = {.cpu = 1500ms,
                 .resident_bytes = 4096,
                 .virtual_bytes = 8192,
                 .open_files = 12,
                 .most_open_files = 1024,
                 .started_at = timestamp(1'700'000'000'250ms)};
  all.version = "1.2.3";

  const auto text = to_exposition(all);
  for (const auto* line :
       {R"(gateway_requests_total{endpoint="/v1/chat/completions",model="openai/*",status="200",code="none"} 1)",
        R"(gateway_request_duration_seconds_sum{endpoint="/v1/chat/completions"} 0.004)",
        R"(gateway_overhead_seconds_sum{endpoint="/v1/chat/completions"} 0.001)",
        R"(gateway_time_to_first_token_seconds_sum{model="openai/*"} 0.002)",
        R"(gateway_tokens_total{model="openai/*",kind="prompt"} 10)",
        R"(gateway_tokens_total{model="openai/*",kind="completion"} 5)",
        R"(gateway_tokens_total{model="openai/*",kind="cached"} 4)",
        R"(gateway_tokens_total{model="openai/*",kind="reasoning"} 3)",
        R"(gateway_cost_usd_total{model="openai/*"} 1.25)",
        R"(gateway_upstream_requests_total{upstream="openai",outcome="answered"} 1)",
        R"(gateway_upstream_requests_total{upstream="openai",outcome="failed"} 0)",
        R"(gateway_upstream_requests_total{upstream="openai",outcome="declined"} 2)",
        R"(gateway_upstream_requests_total{upstream="openai",outcome="abandoned"} 0)",
        R"(gateway_in_flight 6)",
        R"(gateway_sessions 7)",
        R"(gateway_buffered_bytes 12)",
        R"(gateway_actors 11)",
        R"(gateway_audit_queue 8)",
        R"(gateway_audit_records_total 9)",
        R"(gateway_quota_refusals_total{limit="budget_usd_per_day",scope="tenant"} 1)",
        R"(gateway_quota_refusals_total{limit="budget_usd_per_day",scope="key"} 0)",
        R"(gateway_quota_refusals_total{limit="concurrent_requests",scope="key"} 0)",
        R"(gateway_actor_restarts_total{actor="auth"} 0)",
        R"(gateway_actor_restarts_total{actor="quota"} 2)",
        R"(gateway_build_info{version="1.2.3"} 1)",
        R"(process_cpu_seconds_total 1.5)",
        R"(process_resident_memory_bytes 4096)",
        R"(process_virtual_memory_bytes 8192)",
        R"(process_open_fds 12)",
        R"(process_max_fds 1024)",
        R"(process_start_time_seconds 1700000000.25)"}) {
    CAPTURE(line);
    CHECK(has_line(text, line));
  }
}

TEST_CASE("samples come in the order of their labels, however they were counted") {
  gateway_metrics all;
  for (const auto* model : {"m", "z", "a"}) {
    ended_request ended;
    ended.labels = {"/chat", model, 200, {}};
    all.counts.count(ended);
  }
  const auto text = to_exposition(all);
  const auto a = text.find(R"(model="a",status)");
  const auto m = text.find(R"(model="m",status)");
  const auto z = text.find(R"(model="z",status)");
  REQUIRE(z != std::string::npos);
  CHECK(a < m);
  CHECK(m < z);
}

#include "domain/metrics/gateway_metrics.hpp"
#include "http/stopwatch.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

constexpr std::array<std::string_view, 4> endpoints{"/v1/chat/completions", "/v1/completions", "/v1/embeddings",
                                                    "/chat"};

// A table as it is after a while: every endpoint, model and code has been seen.
worker_metrics busy_worker(const std::vector<std::string>& models) {
  worker_metrics counts;
  for (const auto endpoint : endpoints)
    for (const auto& model : models)
      for (const std::string_view code : {"", "UPSTREAM_UNAVAILABLE", "PLATFORM_QUOTA_EXCEEDED"}) {
        ended_request ended;
        ended.labels = {endpoint, model, code.empty() ? 200 : 500, code};
        counts.count(ended);
      }
  return counts;
}

std::vector<std::string> model_names(std::int64_t count) {
  std::vector<std::string> models;
  for (std::int64_t i = 0; i < count; ++i) models.push_back("provider-" + std::to_string(i) + "/*");
  return models;
}

// All that counting costs a request which calls one upstream and streams: the clock is asked as often as it is there.
void count_a_request(benchmark::State& state) {
  const auto models = model_names(state.range(0));
  auto counts = busy_worker(models);
  std::size_t next = 0;
  for (auto _ : state) {
    stopwatch waited;
    auto& outcomes = counts.calls_to("a-provider");
    waited.start();
    benchmark::DoNotOptimize(waited);
    waited.stop();
    ++outcomes[verdict::answered];
    ended_request ended;
    ended.labels = {endpoints[next % endpoints.size()], models[next % models.size()], 200, {}};
    ended.took = std::chrono::microseconds(700 + next % 1000);
    ended.waited = waited.total({});
    ended.first_token = std::chrono::microseconds(300 + next % 1000);
    ended.usage = {100, 20, 0, 0};
    ended.cost = 100;
    counts.count(ended);
    ++next;
  }
  benchmark::DoNotOptimize(counts.requests.size());
}
BENCHMARK(count_a_request)->ArgName("models")->Arg(1)->Arg(50);

// The same without the two looks at the clock.
void count_without_clock(benchmark::State& state) {
  const auto models = model_names(state.range(0));
  auto counts = busy_worker(models);
  std::size_t next = 0;
  for (auto _ : state) {
    ++counts.calls_to("a-provider")[verdict::answered];
    ended_request ended;
    ended.labels = {endpoints[next % endpoints.size()], models[next % models.size()], 200, {}};
    ended.took = std::chrono::microseconds(700 + next % 1000);
    ended.first_token = std::chrono::microseconds(300 + next % 1000);
    ended.usage = {100, 20, 0, 0};
    counts.count(ended);
    ++next;
  }
  benchmark::DoNotOptimize(counts.requests.size());
}
BENCHMARK(count_without_clock)->ArgName("models")->Arg(1)->Arg(50);

// What a scrape costs each worker: the copy it gives away.
void copy_for_a_scrape(benchmark::State& state) {
  const auto counts = busy_worker(model_names(state.range(0)));
  for (auto _ : state) {
    auto copy = counts;
    benchmark::DoNotOptimize(copy.requests.size());
  }
}
BENCHMARK(copy_for_a_scrape)->ArgName("models")->Arg(1)->Arg(50);

// And the worker that answers it.
void merge_and_write(benchmark::State& state) {
  const auto counts = busy_worker(model_names(state.range(0)));
  for (auto _ : state) {
    gateway_metrics all;
    all.counts.merge(counts);
    all.counts.merge(counts);
    benchmark::DoNotOptimize(to_exposition(all));
  }
}
BENCHMARK(merge_and_write)->ArgName("models")->Arg(1)->Arg(50);

} // namespace
} // namespace gateway

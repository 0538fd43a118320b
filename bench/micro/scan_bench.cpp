#include "bench/micro/texts.hpp"
#include "bench/mock/answers.hpp"
#include "domain/chat/answer_scan.hpp"
#include "domain/chat/request_scan.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway {
namespace {

void scan_of_a_request(benchmark::State& state) {
  auto body = bench::chat_request(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto scan = scan_request(body, surface::chat_completions);
    if (!scan) {
      state.SkipWithError(scan.error().message.c_str());
      break;
    }
    benchmark::DoNotOptimize(scan->prompt_tokens);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(scan_of_a_request)->ArgName("prompt_bytes")->Arg(300)->Arg(100'000);

void scan_of_an_answer(benchmark::State& state) {
  const auto whole = bench::answers(0).completion;
  const auto body = whole.substr(whole.find("\r\n\r\n") + 4);
  for (auto _ : state) {
    const auto scan = scan_answer(body);
    if (!scan.usage) {
      state.SkipWithError("no usage was found");
      break;
    }
    benchmark::DoNotOptimize(scan.usage->prompt_tokens);
  }
}
BENCHMARK(scan_of_an_answer);

} // namespace
} // namespace gateway

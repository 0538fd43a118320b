#include "domain/chat/answer_scan.hpp"
#include "domain/chat/sse_reader.hpp"

#include <benchmark/benchmark.h>

#include <string_view>

namespace gateway {
namespace {

constexpr std::string_view frame =
    R"(data: {"id":"chatcmpl-bench0000000000000000000000000","object":"chat.completion.chunk","created":1795478400,)"
    R"("model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":" token"},"finish_reason":null}],)"
    R"("usage":null})"
    "\n\n";

// Taken from the stream, and looked at.
void sse_frame(benchmark::State& state) {
  sse_reader reader(1 << 20);
  for (auto _ : state) {
    reader.feed(frame);
    const auto data = reader.next();
    if (!data || !scan_event(*data).has_choices) {
      state.SkipWithError("the frame was not read");
      break;
    }
    if (reader.next()) state.SkipWithError("there was a second frame");
  }
}
BENCHMARK(sse_frame);

} // namespace
} // namespace gateway

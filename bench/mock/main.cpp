#include "bench/mock/server.hpp"
#include "bench/net/sockets.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <exception>

namespace {

std::chrono::microseconds from_ms(double ms) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::duration<double, std::milli>(ms));
}

} // namespace

int main(int argc, char** argv) {
  gateway::bench::mock_options options;
  double delay_ms = 0;
  double chunk_gap_ms = 0;
  CLI::App app("An upstream that speaks OpenAI's chat completions and is never the bottleneck");
  app.add_option("--port", options.port, "Listens on 127.0.0.1; 0 takes any free port")->capture_default_str();
  app.add_option("--delay-ms", delay_ms, "Before an answer begins")->check(CLI::NonNegativeNumber);
  app.add_option("--chunks", options.chunks, "Of a stream")->capture_default_str();
  app.add_option("--token-bytes", options.token_bytes, "Of a chunk's text; 0: a short word")->capture_default_str();
  app.add_option("--chunk-gap-ms", chunk_gap_ms, "Between chunks; 0 writes a stream at once")
      ->check(CLI::NonNegativeNumber);
  CLI11_PARSE(app, argc, argv);
  options.delay = from_ms(delay_ms);
  options.chunk_gap = from_ms(chunk_gap_ms);
  try {
    gateway::bench::allow_many_sockets();
    gateway::bench::mock_server server(options);
    std::printf("listening on %d\n", int{server.port()});
    std::fflush(stdout);
    server.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mock_upstream: %s\n", error.what());
    return 1;
  }
}

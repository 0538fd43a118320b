#include "bench/load/generator.hpp"
#include "bench/net/sockets.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

namespace {

using namespace gateway::bench;

// What is given in seconds or milliseconds on the command line.
struct wishes {
  load_options load;
  double seconds = 0, warm_up_s = 0, patience_s = 10, pace_ms = 0, read_pause_ms = 0;
  std::string body_file, path = "/v1/chat/completions";
  std::vector<std::string> headers;
};

std::chrono::nanoseconds from_s(double s) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(s));
}

void describe(CLI::App& app, wishes& of) {
  app.add_option("--port", of.load.ports, "Of the server on 127.0.0.1; several are taken in turn")->required();
  app.add_option("--sources", of.load.sources, "Addresses 127.0.0.1 ... that connections come from")
      ->check(CLI::Range(1, 250));
  app.add_option("--body", of.body_file, "File with the JSON to send")->required()->check(CLI::ExistingFile);
  app.add_option("--path", of.path)->capture_default_str();
  app.add_option("--header", of.headers, "Another header: name: value; the key is in GATEWAY_BENCH_KEY");
  app.add_option("--rate", of.load.rate, "Requests a second, on a schedule; 0: the next one follows an answer");
  app.add_option("--concurrency", of.load.concurrency, "Without a schedule")->capture_default_str();
  app.add_option("--connections", of.load.connections, "At most, with a schedule")->capture_default_str();
  app.add_option("--seconds", of.seconds, "In which requests start");
  app.add_option("--count", of.load.count, "Requests at most");
  app.add_option("--warm-up-s", of.warm_up_s, "Requests of so long are not in the latencies");
  app.add_option("--patience-s", of.patience_s, "For answers, after the last start")->capture_default_str();
  app.add_option("--pace-ms", of.pace_ms, "Of a stream's tokens: gaps are given as distance from it");
  app.add_option("--read-bytes", of.load.read_bytes, "At most, at once")->check(CLI::PositiveNumber);
  app.add_option("--read-pause-ms", of.read_pause_ms, "After each read");
}

std::string make_request(const wishes& of) {
  std::ifstream file(of.body_file, std::ios::binary);
  const std::string body{std::istreambuf_iterator<char>(file), {}};
  std::string head = fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", of.path, of.load.ports.front());
  if (const char* key = std::getenv("GATEWAY_BENCH_KEY")) head += fmt::format("Authorization: Bearer {}\r\n", key);
  for (const auto& header : of.headers) head += header + "\r\n";
  return fmt::format("{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", head, body.size(), body);
}

} // namespace

int main(int argc, char** argv) {
  wishes given;
  CLI::App app("Puts load on an OpenAI-compatible server and measures latencies, also of streams, as JSON");
  describe(app, given);
  CLI11_PARSE(app, argc, argv);
  auto& load = given.load;
  load.request = make_request(given);
  load.length = from_s(given.seconds);
  load.warm_up = from_s(given.warm_up_s);
  load.patience = from_s(given.patience_s);
  load.pace = from_s(given.pace_ms / 1e3);
  load.read_pause = from_s(given.read_pause_ms / 1e3);
  if (load.count == 0 && given.seconds <= 0) {
    std::fputs("open_load: --seconds or --count says when to end\n", stderr);
    return 2;
  }
  try {
    allow_many_sockets();
    const auto began = std::chrono::steady_clock::now();
    auto all = generator(load).run();
    std::puts(all.as_json(std::chrono::steady_clock::now() - began).dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "open_load: %s\n", error.what());
    return 1;
  }
}

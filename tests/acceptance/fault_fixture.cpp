#include "tests/acceptance/fault_fixture.hpp"

#include <fmt/core.h>

namespace gateway {

using namespace std::chrono_literals;

fault_fixture::fault_fixture() {
  gateway.settings.topology.workers = 1;
  gateway.settings.retry.base_delay = 10ms;
  auto& one = gateway.add_upstream(primary.base_url());
  auto other = one;
  other.base_url = parse_base_url(spare.base_url()).value();
  gateway.settings.upstreams["spare"] = other;
  gpt().retries = 2;
}

void fault_fixture::add_spare_target() {
  gpt().how = strategy::priority;
  gpt().targets.push_back({.upstream = "spare", .model = "spare-model", .priority = 1});
}

void fault_fixture::add_fallback() {
  auto way = gpt();
  way.targets = {{.upstream = "spare", .model = "spare-name"}};
  way.retries = 0;
  gateway.settings.models["spare-model"] = way;
  gpt().fallbacks = {"spare-model"};
}

void fault_fixture::open() {
  gateway.open();
  key = gateway.make_key();
}

seen_answer fault_fixture::ask(const std::string& what, bool stream, const std::string& model) {
  const auto start = std::chrono::steady_clock::now();
  seen_answer seen;
  http_client caller(gateway.port());
  caller.send(request_text("POST", "/v1/chat/completions", with_key(key.at("key")), chat_body(model, stream)));
  if (stream) {
    seen.head = caller.read_head();
    const bool events = seen.head.status == 200;
    while (const auto event = events ? caller.read_event() : std::nullopt) seen.events.push_back(event->substr(6));
    seen.whole = caller.body_is_whole();
  } else {
    seen.head = caller.read_response();
  }
  seen.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  seen.record = gateway.wait_for_record(seen.head.header("X-Request-ID"));
  const auto code = seen.record.at("error_code");
  fmt::print("fault: {} | {} {} | {} attempts | {} ms\n", what, seen.head.status,
             code.is_null() ? "whole" : code.get<std::string>(), seen.attempts(), seen.took.count());
  return seen;
}

script silence() {
  return [](upstream_talk& talk) { talk.wait_for_end(); };
}

script too_long() {
  return answer_with(400, R"({"error":{"message":"This model's maximum context length is 8192 tokens.",)"
                          R"("type":"invalid_request_error","code":"context_length_exceeded"}})");
}

} // namespace gateway

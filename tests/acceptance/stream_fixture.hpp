#pragma once

#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A gateway before a scripted upstream, and a caller who asks for a stream.
struct stream_fixture {
  stream_fixture() {
    gateway.add_upstream(upstream.base_url());
    gateway.settings.topology.workers = 1;
  }

  void open() {
    gateway.open();
    key = gateway.make_key();
    caller.emplace(gateway.port());
  }

  /// Asks for a stream, and reads the status and the headers of the answer.
  http_response ask(const std::string& body = chat_body("gpt", true)) {
    caller->send(request_text("POST", "/v1/chat/completions", with_key(key.at("key")), body));
    return caller->read_head();
  }

  /// What is left of the stream, event by event, without `data: `.
  std::vector<std::string> read_events() {
    std::vector<std::string> events;
    while (const auto event = caller->read_event()) events.push_back(event->substr(6));
    return events;
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  nlohmann::json key;
  std::optional<http_client> caller;
};

} // namespace gateway

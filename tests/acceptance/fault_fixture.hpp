#pragma once

#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace gateway {

/// What a caller saw of one request, and what was recorded of it.
struct seen_answer {
  http_response head;
  std::vector<std::string> events; ///< Of a stream, without `data: `.
  bool whole = true;               ///< The body came to its proper end.
  nlohmann::json record;
  std::chrono::milliseconds took{};

  int attempts() const { return record.at("attempts"); }
  nlohmann::json error() const { return head.json().at("error"); }
  std::string code() const { return error().at("code"); }
};

/// A gateway that repeats failed calls, before a primary upstream (`provider`, the model `gpt`) and a spare one, which
/// only the tests' own routes know.
struct fault_fixture {
  fault_fixture();

  /// `gpt` goes to the spare target too, once the primary failed.
  void add_spare_target();
  /// When `gpt` fails as a whole, `spare-model` stands in.
  void add_fallback();
  void open();

  /// Asks, reads the answer whole, and waits for its record. Prints a line of the table that the suite is.
  seen_answer ask(const std::string& what, bool stream = false, const std::string& model = "gpt");

  route& gpt() { return gateway.settings.models.at("gpt"); }
  upstream_timeouts& timeouts() { return gateway.settings.upstreams.at("provider").timeouts; }

  scripted_upstream primary;
  scripted_upstream spare;
  gateway_fixture gateway;
  nlohmann::json key;
};

/// Says nothing until the gateway gives up.
script silence();
/// An answer that is a refusal of the prompt's length.
script too_long();

} // namespace gateway

#include "tests/acceptance/child_process.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

/// Runs a scenario of clients/openai.mjs against a gateway.
void play(const gateway_fixture& gateway, const std::string& scenario, const nlohmann::json& key,
          const std::string& model = "echo") {
  const auto played = run({"node", CLIENTS_FOLDER "/openai.mjs", scenario},
                          {{"GATEWAY_URL", "http://127.0.0.1:" + std::to_string(gateway.port()) + "/v1"},
                           {"GATEWAY_KEY", key.at("key")},
                           {"GATEWAY_MODEL", model}});
  INFO(played.output);
  CHECK(played.exit_code == 0);
}

TEST_CASE("the openai package chats, streams and lists models", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  for (const auto* scenario : {"chat", "stream", "stream_usage", "models"}) {
    INFO(scenario);
    play(gateway, scenario, key);
  }
  CHECK(gateway.wait_for_records(3).size() == 3);
}

TEST_CASE("the openai package raises its own errors, and asks no second time where that cannot help", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  play(gateway, "wrong_key", key);
  play(gateway, "bad_request", key);
  play(gateway, "unknown_model", key);
  const auto poor = gateway.make_key({{"tenant_id", "poor"}, {"quota_daily_tokens", 1}});
  play(gateway, "over_quota", poor);
  CHECK(gateway.wait_for_records(2).size() == 2);
  CHECK(gateway.wait_for_records(1, "poor").size() == 1);
}

TEST_CASE("the openai package takes a stream that breaks for an error, not for an end", "[acceptance]") {
  scripted_upstream upstream;
  gateway_fixture gateway;
  gateway.add_upstream(upstream.base_url());
  gateway.open();
  upstream.next([](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.close();
  });
  play(gateway, "broken_stream", gateway.make_key(), "gpt");
}

TEST_CASE("the openai package asks again when an upstream failed for a moment", "[acceptance]") {
  scripted_upstream upstream;
  gateway_fixture gateway;
  gateway.add_upstream(upstream.base_url());
  gateway.open();
  upstream.next(answer_with(500, "{}"));
  upstream.next(answer_with(200, completion("hi there")));
  play(gateway, "chat", gateway.make_key(), "gpt");
  CHECK(upstream.requests().size() == 2);
}

} // namespace
} // namespace gateway

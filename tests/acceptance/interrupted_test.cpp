#include "tests/acceptance/program_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <string>
#include <utility>

namespace gateway {
namespace {

using nlohmann::json;

struct interrupted_fixture : program_fixture {
  void start_with(const std::string& policy) {
    const json spec{{"kind", "openai"}, {"base_url", upstream.base_url()}, {"api_key", "provider-secret"}};
    const json model{
        {"targets", {{{"upstream", "provider"}}}}, {"retries", 0}, {"price", {{"input", 0}, {"output", 1000}}}};
    write_config({{"topology", {{"workers", 1}, {"audit", {{"durability", "strict"}}}}},
                  {"audit", {{"interrupted", policy}}},
                  {"upstreams", {{"provider", spec}}},
                  {"models", {{"gpt", model}}}});
    start();
    key = admin("POST", "/admin/keys", R"({"tenant_id":"acme","limits":{"budget_usd_per_day":10}})").json();
  }

  json usage() const {
    return admin("GET", "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage").json().at("limits");
  }

  /// The end comes while the upstream works on a request for a hundred tokens.
  void kill_during(const std::string& request_id, bool stream) {
    upstream.next([stream](upstream_talk& talk) {
      if (stream) {
        talk.start_events();
        talk.send_event(text_chunk("one"));
      }
      talk.wait_for_end();
    });
    const auto count = upstream.requests().size() + 1;
    http_client caller(port);
    json body{{"model", "gpt"}, {"max_tokens", 100}, {"stream", stream}};
    body["messages"].push_back({{"role", "user"}, {"content", "hi"}});
    caller.send(request_text("POST", "/v1/chat/completions",
                             {{"X-API-Key", key.at("key")}, {"X-Request-ID", request_id}}, body.dump()));
    upstream.wait_for_request(count);
    if (stream) REQUIRE(caller.read_head().status == 200);
    program->send_signal(SIGKILL);
    CHECK(program->wait() == -SIGKILL);
    start();
  }

  json record_of(const std::string& request_id) const {
    const auto found = admin("GET", "/admin/audit?tenant_id=acme&request_id=" + request_id).json();
    REQUIRE(found.size() == 1);
    return found[0];
  }

  scripted_upstream upstream;
  json key;
};

TEST_CASE_METHOD(interrupted_fixture,
                 "what was held by requests that kill -9 interrupted is charged or given back as the config says",
                 "[acceptance]") {
  const std::string policy = GENERATE("charge", "release");
  INFO(policy);
  start_with(policy);
  std::uint64_t tokens = 0;
  for (int round = 1; round <= 3; ++round) {
    const auto id = "interrupted-" + std::to_string(round);
    kill_during(id, round == 2);
    const auto record = record_of(id);
    CHECK(record.at("error_code") == "PLATFORM_INTERRUPTED");
    CHECK(record.at("counted") == (policy == "charge"));
    if (policy == "charge") {
      CHECK(record.at("total_tokens") > 100); // The prompt, and the hundred.
      CHECK(record.at("cost_usd") == 0.1);
      tokens += record.at("total_tokens").get<std::uint64_t>();
    }
    const auto now = usage();
    CHECK(now.at("daily_requests").at("used") == (policy == "charge" ? round : 0));
    CHECK(now.at("daily_tokens").at("used") == tokens);
    CHECK(now.at("budget_usd_per_day").at("used").get<double>() == Approx(policy == "charge" ? 0.1 * round : 0));
    for (const auto& limit : now) CHECK(limit.at("held") == 0);
  }
}

} // namespace
} // namespace gateway

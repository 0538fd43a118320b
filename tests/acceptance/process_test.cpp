#include "tests/acceptance/program_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <string>

namespace gateway {
namespace {

using Catch::Contains;
using nlohmann::json;

/// Waits until so many records are committed.
json wait_for_records(const program_fixture& it, std::size_t count) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    auto records = it.admin("GET", "/admin/audit?tenant_id=acme&limit=1000&status=200").json();
    if (records.size() >= count) return records;
  }
  throw std::runtime_error("the records do not come");
}

json with_provider(const scripted_upstream& upstream) {
  const json provider{{"kind", "openai"}, {"base_url", upstream.base_url()}, {"api_key", "provider-secret"}};
  return {{"upstreams", {{"provider", provider}}},
          {"models", {{"gpt", {{"targets", {{{"upstream", "provider"}}}}, {"retries", 0}}}}}};
}

TEST_CASE("SIGTERM and SIGINT end the program in good order, and nothing is lost", "[acceptance]") {
  program_fixture it;
  const auto number = GENERATE(SIGTERM, SIGINT);
  it.start();
  const auto key = it.make_key();
  for (int i = 0; i < 10; ++i) CHECK(it.chat(key).status == 200);
  it.program->send_signal(number);
  CHECK(it.program->wait() == 0);
  it.start();
  CHECK(it.chat(key).status == 200);
  CHECK(wait_for_records(it, 11).size() == 11);
  const auto usage = it.admin("GET", "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage").json();
  CHECK(usage.at("limits").at("daily_requests").at("used") == 11);
}

TEST_CASE("a signal lets a stream finish, a second one does not wait for it", "[acceptance]") {
  scripted_upstream upstream;
  program_fixture it;
  it.write_config(with_provider(upstream));
  it.start();
  const auto key = it.make_key();
  gate go_on;
  upstream.next([=](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    go_on.pass();
    talk.send_event(finish_chunk());
    talk.send_event("[DONE]");
    talk.finish_events();
  });
  http_client caller(it.port);
  caller.send(request_text("POST", "/v1/chat/completions", {{"X-API-Key", key.at("key")}},
                           R"({"model":"gpt","stream":true,"messages":[{"role":"user","content":"hi"}]})"));
  CHECK(caller.read_head().status == 200);
  CHECK(caller.read_event() == "data: " + text_chunk("one"));
  it.program->send_signal(SIGTERM);
  it.program->wait_for(R"("event":"drain")");
  SECTION("one") {
    go_on.open();
    CHECK(caller.read_event() == "data: " + finish_chunk());
    CHECK(caller.read_event() == "data: [DONE]");
    CHECK(it.program->wait() == 0);
  }
  SECTION("two") {
    it.program->send_signal(SIGTERM);
    CHECK(it.program->wait() == 1);
    CHECK_FALSE(caller.read_event());
    CHECK_FALSE(caller.body_is_whole());
    go_on.open();
  }
}

TEST_CASE("after kill -9 the keys and the committed records are there, and no limit is exceeded", "[acceptance]") {
  program_fixture it;
  it.start();
  const auto key = it.admin("POST", "/admin/keys", R"({"tenant_id":"acme","quota_daily_requests":30})").json();
  for (int i = 0; i < 10; ++i) CHECK(it.chat(key).status == 200);
  const auto before = wait_for_records(it, 10);
  it.program->send_signal(SIGKILL);
  CHECK(it.program->wait() == -SIGKILL);

  it.start();
  CHECK(it.admin("GET", "/readyz").status == 200);
  CHECK(it.admin("GET", "/admin/audit?tenant_id=acme&status=200").json() == before);
  const auto usage = it.admin("GET", "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage").json();
  CHECK(usage.at("limits").at("daily_requests").at("used") >= 10);
  int served = 10;
  for (int i = 0; i < 30; ++i) served += it.chat(key).status == 200 ? 1 : 0;
  CHECK(served <= 30);
}

TEST_CASE("the log has a line for each request, and never a key, a token or a body", "[acceptance]") {
  scripted_upstream upstream;
  program_fixture it;
  auto config = with_provider(upstream);
  config["log"]["level"] = "trace";
  it.write_config(config);
  it.start();
  const auto key = it.make_key();
  CHECK(it.chat(key).status == 200);
  upstream.next(answer_with(500, R"({"error":{"message":"a provider's words","type":"server_error"}})"));
  const auto failed = it.call("POST", "/v1/chat/completions", {{"X-API-Key", key.at("key")}, {"X-Request-ID", "one-7"}},
                              R"({"model":"gpt","messages":[{"role":"user","content":"a private message"}]})");
  CHECK(failed.status == 502);
  CHECK(it.call("POST", "/chat", {{"X-API-Key", "gw_guessed-key"}}, R"({"message":"a private message"})").status ==
        401);
  CHECK(it.admin("POST", "/admin/keys/" + key.at("key_id").get<std::string>() + "/rotate").status == 200);
  CHECK(it.call("GET", "/admin/keys", {{"X-Admin-Token", "wrong-token"}}).status == 403);
  it.program->send_signal(SIGTERM);
  CHECK(it.program->wait() == 0);

  const auto log = it.program->output();
  for (const auto& secret :
       {key.at("key").get<std::string>(), std::string("operators-only"), std::string("provider-secret"),
        std::string("gw_guessed-key"), std::string("wrong-token"), std::string("a private message")}) {
    INFO(secret);
    CHECK_THAT(log, !Contains(secret));
  }
  json found;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = json::parse(line, nullptr, false);
    if (parsed.is_object() && parsed.value("request_id", "") == "one-7") found = parsed;
  }
  REQUIRE(found.is_object());
  CHECK(found.at("event") == "request");
  CHECK(found.at("endpoint") == "/v1/chat/completions");
  CHECK(found.at("tenant_id") == "acme");
  CHECK(found.at("key_id") == key.at("key_id"));
  CHECK(found.at("model") == "gpt");
  CHECK(found.at("code") == "UPSTREAM_UNAVAILABLE");
  for (const auto* event : {"start", "drain", "stop"})
    CHECK_THAT(log, Contains("\"event\":\"" + std::string(event) + "\""));
}

} // namespace
} // namespace gateway

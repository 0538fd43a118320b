#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <list>

namespace gateway {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// One worker with one connection to an upstream, and two tenants who want it.
struct fairness_fixture {
  fairness_fixture() {
    gateway.add_upstream(upstream.base_url()).connections = 1;
    gateway.settings.topology.workers = 1;
    provider().queue_for = 60s;
  }
  ~fairness_fixture() {
    if (!opened) held.open();
  }

  upstream_spec& provider() { return gateway.settings.upstreams.at("provider"); }
  void open() {
    gateway.open();
    flood = gateway.make_key({{"tenant_id", "flood"}, {"quota_daily_tokens", 1'000'000}});
    quiet = gateway.make_key({{"tenant_id", "quiet"}});
  }
  /// Takes so many of the upstream's connections for the flood, until `let_go`.
  void hold(std::size_t count = 1) {
    for (std::size_t i = 0; i < count; ++i)
      upstream.next([gate = held](upstream_talk& talk) {
        gate.pass();
        answer_with(200, completion("held"))(talk);
      });
    for (std::size_t i = 0; i < count; ++i) ask(flood, "held");
    upstream.wait_for_request(count);
  }
  void let_go() {
    opened = true;
    held.open();
  }

  /// Sends, and does not wait for the answer.
  http_client& ask(const json& key, const std::string& text) {
    const auto body = R"({"model":"gpt","messages":[{"role":"user","content":")" + text + R"("}]})";
    auto& caller = callers.emplace_back(gateway.port());
    caller.send(request_text("POST", "/v1/chat/completions", with_key(key.at("key")), body));
    return caller;
  }
  /// Waits until so many requests have a target: their calls run, or wait for a connection.
  void wait_until_called(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (gateway.upstream_status().at("in_flight") < count)
      if (std::chrono::steady_clock::now() > end) FAIL("the requests did not come that far");
  }
  void check_nothing_is_held() {
    for (const auto& key : {flood, quiet})
      for (const auto* limit : {"daily_requests", "daily_tokens"}) CHECK(gateway.usage(key).at(limit).at("held") == 0);
    CHECK(gateway.upstream_status().at("in_flight") == 0);
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  json flood;
  json quiet;
  gate held;
  bool opened = false;
  std::list<http_client> callers;
};

TEST_CASE("a tenant's one request does not wait for fifty of another one", "[acceptance]") {
  fairness_fixture it;
  it.open();
  it.hold();
  for (int i = 0; i < 50; ++i) it.ask(it.flood, "flood");
  it.wait_until_called(51);
  auto& quiet = it.ask(it.quiet, "quiet");
  it.wait_until_called(52);
  it.let_go();
  CHECK(quiet.read_response().status == 200);
  it.upstream.wait_for_request(52);
  const auto asked = it.upstream.requests();
  CHECK(asked.at(0).body.find("held") != std::string::npos);
  CHECK(asked.at(2).body.find("quiet") != std::string::npos);
  for (auto& each : it.callers)
    if (&each != &quiet) CHECK(each.read_response().status == 200);
  it.check_nothing_is_held();
  CHECK(it.upstream.connections() == 1);
}

TEST_CASE("who waits too long for a connection gets 503, and nothing speaks against the upstream", "[acceptance]") {
  fairness_fixture it;
  it.provider().queue_for = 1ms;
  it.provider().breaker.consecutive_failures = 1;
  it.open();
  it.hold();
  const auto answer = it.gateway.complete(it.quiet.at("key"), chat_body());
  check_failure(answer, 503, "PLATFORM_OVERLOADED");
  CHECK(answer.header("Retry-After") == "1");
  const auto record = it.gateway.wait_for_record(answer.header("X-Request-ID"), "quiet");
  CHECK(record.at("status") == 503);
  CHECK(record.at("counted") == false);
  CHECK(record.at("total_tokens") == 0);
  CHECK(it.gateway.usage(it.quiet).at("daily_requests").at("used") == 0);
  const auto seen = it.gateway.upstream_status();
  CHECK(seen.at("failures") == 0);
  CHECK(seen.at("breaker") == "closed");
  it.let_go();
  CHECK(it.callers.front().read_response().status == 200);
  it.check_nothing_is_held();
}

TEST_CASE("a flood that fills its share of the queue is refused at once, and another tenant is served",
          "[acceptance]") {
  fairness_fixture it;
  it.provider().queue = 8;
  it.open();
  it.hold();
  for (int i = 0; i < 7; ++i) it.ask(it.flood, "flood");
  it.wait_until_called(8);
  const auto refused = it.gateway.complete(it.flood.at("key"), chat_body());
  check_failure(refused, 503, "PLATFORM_OVERLOADED");
  CHECK(refused.header("Retry-After") == "1");
  auto& quiet = it.ask(it.quiet, "quiet");
  it.wait_until_called(9);
  it.let_go();
  CHECK(quiet.read_response().status == 200);
  for (auto& each : it.callers)
    if (&each != &quiet) CHECK(each.read_response().status == 200);
  it.check_nothing_is_held();
}

TEST_CASE("where no connection is free another target serves, though nothing may be repeated", "[acceptance]") {
  const bool as_fallback = GENERATE(false, true);
  fairness_fixture it;
  scripted_upstream spare;
  it.provider().queue_for = 1ms;
  it.gateway.settings.upstreams["spare"] = it.provider();
  it.gateway.settings.upstreams["spare"].base_url.port = spare.port();
  auto& models = it.gateway.settings.models;
  REQUIRE(models.at("gpt").retries == 0);
  const target other{.upstream = "spare", .model = "spare-model", .priority = 1};
  if (as_fallback) {
    models["other"].targets = {other};
    models["gpt"].fallbacks = {"other"};
  } else {
    models["gpt"].how = strategy::priority;
    models["gpt"].targets.push_back(other);
  }
  it.gateway.settings.retry.budget_ratio = 0;
  it.gateway.settings.retry.budget_min_per_second = 0;
  it.open();
  it.hold();
  const auto answer = it.gateway.complete(it.quiet.at("key"), chat_body());
  CHECK(answer.status == 200);
  CHECK(answer.header("x-gateway-upstream") == "spare");
  CHECK(spare.requests().size() == 1);
  it.let_go();
  CHECK(it.callers.front().read_response().status == 200);
}

TEST_CASE("a flood leaves room in flight for another tenant", "[acceptance]") {
  fairness_fixture it;
  it.gateway.settings.limits.in_flight = 16;
  it.provider().connections = 16;
  it.open();
  CHECK(it.gateway.complete(it.quiet.at("key"), chat_body()).status == 200);
  const auto before = it.upstream.requests().size();
  // The places beside the eighth that is kept.
  for (int i = 0; i < 14; ++i)
    it.upstream.next([gate = it.held](upstream_talk& talk) {
      gate.pass();
      answer_with(200, completion("held"))(talk);
    });
  for (int i = 0; i < 14; ++i) it.ask(it.flood, "held");
  it.upstream.wait_for_request(before + 14);
  const auto refused = it.gateway.complete(it.flood.at("key"), chat_body());
  check_failure(refused, 503, "PLATFORM_OVERLOADED");
  CHECK(refused.header("Retry-After") == "1");
  CHECK(it.gateway.complete(it.quiet.at("key"), chat_body()).status == 200);
  it.let_go();
  for (auto& each : it.callers) CHECK(each.read_response().status == 200);
  CHECK(it.gateway.complete(it.flood.at("key"), chat_body()).status == 200);
  it.check_nothing_is_held();
}

} // namespace
} // namespace gateway

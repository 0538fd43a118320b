#include "http/house.hpp"
#include "tests/acceptance/metrics_fixture.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;

const std::string completions = "/v1/chat/completions";

TEST_CASE("requests of several kinds are counted, each once, under what they came to", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto key = it.gateway.make_key().at("key").get<std::string>();
  for (int i = 0; i < 3; ++i) CHECK(it.gateway.complete(key, chat_body()).status == 200);
  CHECK(it.gateway.complete(key, chat_body("clever")).status == 200);
  CHECK(it.gateway.complete(key, chat_body("openai/o3")).status == 200);
  CHECK(it.gateway.complete(key, chat_body("openai/gpt-4o")).status == 200);
  it.upstream.next(answer_with(400, R"({"error":{"message":"no"}})"));
  CHECK(it.gateway.complete(key, chat_body()).status == 400);
  it.upstream.next(answer_with(500, "{}"));
  CHECK(it.gateway.complete(key, chat_body()).status == 502);
  it.upstream.next(answer_with(429, "{}"));
  CHECK(it.gateway.complete(key, chat_body()).status == 429);
  CHECK(it.gateway.chat(key).status == 200);
  CHECK(it.gateway.complete("gw_nobody", chat_body()).status == 401);
  CHECK(it.gateway.complete(key, chat_body("nowhere")).status == 404);
  CHECK(it.gateway.call("GET", "/not/there").status == 404);
  CHECK(it.gateway.call("PUT", "/chat").status == 405);
  CHECK(it.gateway.call("GET", "/healthz").status == 200);
  http_client wrong(it.gateway.port());
  wrong.send("this is no request\r\n\r\n");
  CHECK(wrong.read_response().status == 400);

  const std::string any = "gateway_requests_total";
  it.scrape_until(requests_of(completions, "gpt", 200), 4);
  const auto all = it.scrape_until("gateway_audit_records_total", 13);
  CHECK(all.at(requests_of(completions, "gpt", 200)) == 4);
  CHECK(all.at(requests_of(completions, "openai/*", 200)) == 2);
  CHECK(all.at(requests_of(completions, "gpt", 400, "UPSTREAM_REJECTED")) == 1);
  CHECK(all.at(requests_of(completions, "gpt", 502, "UPSTREAM_UNAVAILABLE")) == 1);
  CHECK(all.at(requests_of(completions, "gpt", 429, "UPSTREAM_RATE_LIMITED")) == 1);
  CHECK(all.at(requests_of("/chat", "echo", 200)) == 1);
  CHECK(all.at(requests_of(completions, "none", 401, "PLATFORM_AUTH_INVALID_API_KEY")) == 1);
  CHECK(all.at(requests_of(completions, "none", 404, "PLATFORM_NOT_FOUND")) == 1);
  CHECK(all.at(requests_of("none", "none", 404, "PLATFORM_NOT_FOUND")) == 1);
  CHECK(all.at(requests_of("none", "none", 405, "PLATFORM_METHOD_NOT_ALLOWED")) == 1);
  CHECK(all.at(requests_of("none", "none", 400, "PLATFORM_REQUEST_INVALID")) == 1);
  CHECK(all.at(requests_of("/healthz", "none", 200)) == 1);
  CHECK(all.at(requests_of("/admin/keys", "none", 201)) == 1);
  CHECK(all.at("gateway_request_duration_seconds_count{endpoint=\"/v1/chat/completions\"}") == 11);
  CHECK(all.at("gateway_overhead_seconds_count{endpoint=\"/v1/chat/completions\"}") == 11);
  CHECK(sum_of(all, any + "{endpoint=\"/v1/chat/completions\"") == 11);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"provider\",outcome=\"answered\"}") == 7);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"provider\",outcome=\"failed\"}") == 1);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"provider\",outcome=\"declined\"}") == 1);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"provider\",outcome=\"abandoned\"}") == 0);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"echo\",outcome=\"answered\"}") == 1);
  CHECK(all.at("gateway_tokens_total{model=\"openai/*\",kind=\"prompt\"}") == 18);
  CHECK(all.at("gateway_tokens_total{model=\"openai/*\",kind=\"completion\"}") == 10);
  CHECK(all.at("gateway_audit_records_total") == 13); // The key's making is one of them.
  CHECK(all.at("gateway_audit_queue") == 0);
  CHECK(all.at("gateway_in_flight") == 0);
}

TEST_CASE("what one worker counts is not in another's counts, and all of it is in the answer", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto key = it.gateway.make_key().at("key").get<std::string>();
  // Each on a connection of its own, which the kernel gives to either worker.
  for (int i = 0; i < 60; ++i) CHECK(it.gateway.chat(key).status == 200);
  it.scrape_until(requests_of("/chat", "echo", 200), 60);

  const auto people = it.gateway.running().people();
  REQUIRE(people->acceptors.size() == 2);
  std::uint64_t together = 0;
  caf::scoped_actor self(it.gateway.running().system());
  for (const auto& each : people->acceptors)
    self->request(each, patience, metrics_atom::value)
        .receive(
            [&](const worker_metrics_ptr& counted) {
              const auto mine = counted->requests.find(request_labels_view{"/chat", "echo", 200, "none"});
              REQUIRE(mine != counted->requests.end());
              CHECK(mine->second < 60);
              together += mine->second;
            },
            [](const caf::error&) { FAIL("a worker does not answer"); });
  CHECK(together == 60);
}

TEST_CASE("nothing that a caller sent becomes a label", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto key = it.gateway.make_key().at("key").get<std::string>();
  auto headers = with_key(key);
  headers.emplace_back("X-Request-ID", "sneaky");
  headers.emplace_back("User-Agent", "sneaky");
  for (const auto* model : {"sneaky", "openai/sneaky", "sneaky\\\"\n} 1"})
    it.gateway.call("POST", completions, headers, chat_body(model));
  it.gateway.call("GET", "/v1/models/sneaky", headers);
  it.gateway.call("GET", "/sneaky?sneaky=sneaky", headers);
  it.gateway.call("SNEAKY", "/chat", headers);
  it.gateway.admin("GET", "/admin/keys/sneaky");
  it.upstream.next(answer_with(418, R"({"error":{"message":"sneaky","code":"sneaky","type":"sneaky"}})"));
  it.gateway.complete(key, chat_body());
  it.scrape_until(requests_of("/admin/keys/{}", "none", 404, "PLATFORM_NOT_FOUND"), 1);
  const auto all = it.scrape_until(requests_of(completions, "gpt", 418, "UPSTREAM_REJECTED"), 1);
  CHECK(all.at(requests_of(completions, "none", 404, "PLATFORM_NOT_FOUND")) == 2);
  CHECK(all.at(requests_of("/v1/models/{*}", "none", 404, "PLATFORM_NOT_FOUND")) == 1);
  for (const auto& [name, value] : all) {
    CHECK(name.find("sneaky") == std::string::npos);
    CHECK(name.find("SNEAKY") == std::string::npos);
    CHECK(name.find("acme") == std::string::npos);
  }
}

TEST_CASE("time that an upstream took is in the duration, and not in the overhead", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto key = it.gateway.make_key().at("key").get<std::string>();
  const bool stream = GENERATE(false, true);
  gate go_on;
  it.upstream.next([=](upstream_talk& talk) {
    if (stream) talk.start_events();
    go_on.pass();
    if (!stream) return answer_with(200, completion("hello"))(talk);
    for (const auto& event : {text_chunk("one"), finish_chunk(), std::string("[DONE]")}) talk.send_event(event);
    talk.finish_events();
  });
  http_client caller(it.gateway.port());
  caller.send(request_text("POST", completions, with_key(key), chat_body("gpt", stream)));
  it.upstream.wait_for_request();
  const auto began = std::chrono::steady_clock::now();
  // Something to do for a while.
  samples during;
  for (int i = 0; i < 20; ++i) during = it.scrape();
  CHECK(during.at("gateway_in_flight") == 1);
  CHECK(during.at("gateway_sessions") >= 2);
  const std::chrono::duration<double> held = std::chrono::steady_clock::now() - began;
  go_on.open();
  CHECK(caller.read_response().status == 200);
  const auto all = it.scrape_until(requests_of(completions, "gpt", 200), 1);
  const auto whole = all.at("gateway_request_duration_seconds_sum{endpoint=\"/v1/chat/completions\"}");
  const auto own = all.at("gateway_overhead_seconds_sum{endpoint=\"/v1/chat/completions\"}");
  CHECK(own > 0);
  CHECK(whole - own >= held.count());
  const auto first_tokens = all.at("gateway_time_to_first_token_seconds_count{model=\"gpt\"}");
  CHECK(first_tokens == (stream ? 1 : 0));
  if (stream) CHECK(all.at("gateway_time_to_first_token_seconds_sum{model=\"gpt\"}") >= held.count());
}

TEST_CASE("a caller who leaves and a limit that refuses are counted as what they are", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto key = it.gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 1}}).at("key");
  it.upstream.next([](upstream_talk& talk) { talk.wait_for_end(); });
  http_client caller(it.gateway.port());
  caller.send(request_text("POST", completions, with_key(key), chat_body()));
  it.upstream.wait_for_request();
  CHECK(it.gateway.complete(key, chat_body()).status == 429);
  CHECK(it.gateway.complete(key, chat_body()).status == 429);
  caller.close();
  it.scrape_until(requests_of(completions, "gpt", 499, "PLATFORM_CANCELLED"), 1);
  const auto all = it.scrape_until(requests_of(completions, "gpt", 429, "PLATFORM_QUOTA_EXCEEDED"), 2);
  CHECK(all.at("gateway_quota_refusals_total{limit=\"daily_requests\",scope=\"key\"}") == 2);
  CHECK(sum_of(all, "gateway_quota_refusals_total") == 2);
  CHECK(all.at("gateway_upstream_requests_total{upstream=\"provider\",outcome=\"abandoned\"}") == 1);
  CHECK(sum_of(all, "gateway_upstream_requests_total") == 1);
}

} // namespace
} // namespace gateway

#include "http/house.hpp"
#include "tests/acceptance/child_process.hpp"
#include "tests/acceptance/metrics_fixture.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <string>

namespace gateway {
namespace {

TEST_CASE("promtool, which must be installed, has no complaint about the metrics", "[acceptance]") {
  metrics_fixture it;
  it.gateway.settings.models["quote\" and \\"] = it.gateway.settings.models.at("gpt");
  it.gateway.settings.models["quote\" and \\"].aliases.clear();
  it.gateway.open();
  const auto key = it.gateway.make_key().at("key").get<std::string>();
  CHECK(it.gateway.complete(key, chat_body()).status == 200);
  CHECK(it.gateway.complete(key, chat_body("quote\" and \\")).status == 200);
  it.upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  CHECK(it.gateway.complete(key, chat_body("gpt", true)).status == 200);
  it.scrape_until(requests_of("/v1/chat/completions", "gpt", 200), 2);
  it.scrape_until(requests_of("/v1/chat/completions", R"(quote\" and \\)", 200), 1);

  const temporary_directory folder;
  const auto file = folder.file("metrics");
  std::ofstream(file) << it.gateway.call("GET", "/metrics").body;
  const auto verdict = run({"sh", "-c", "promtool check metrics < " + file});
  CHECK_THAT(verdict.output, Catch::Matchers::Equals(""));
  CHECK(verdict.exit_code == 0);
}

TEST_CASE("the metrics are there for anyone, as text of version 0.0.4, and HEAD has their header", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto answer = gateway.call("GET", "/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  http_client prober(gateway.port());
  prober.send(request_text("HEAD", "/metrics"));
  const auto head = prober.read_response(true);
  CHECK(head.status == 200);
  CHECK(head.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(std::stoul(head.header("content-length")) > 1000);
  CHECK(gateway.call("POST", "/metrics").status == 405);
}

TEST_CASE("a scrape is counted as any other request, once it has ended", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  CHECK(it.scrape().count(requests_of("/metrics", "none", 200)) == 0);
  it.scrape_until(requests_of("/metrics", "none", 200), 1);
}

TEST_CASE("an actor that was restarted is counted by its kind, and the others say zero", "[acceptance]") {
  metrics_fixture it;
  it.gateway.open();
  const auto before = it.scrape();
  CHECK(before.at("gateway_actor_restarts_total{actor=\"keys\"}") == 0);
  CHECK(before.at("gateway_actor_restarts_total{actor=\"auth\"}") == 0);
  const auto people = it.gateway.running().people();
  for (const auto& each : people->auth) caf::anon_send_exit(each, caf::exit_reason::kill);
  const auto after = it.scrape_until("gateway_actor_restarts_total{actor=\"auth\"}", 2);
  CHECK(sum_of(after, "gateway_actor_restarts_total") == 2);
  CHECK(after.at("gateway_build_info{version=\"" GATEWAY_VERSION "\"}") == 1);
  CHECK(after.at("process_start_time_seconds") > 1e9);
  CHECK(after.at("process_open_fds") > 3);
}

} // namespace
} // namespace gateway

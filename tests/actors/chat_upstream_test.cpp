#include "actors/chat_upstream.hpp"

#include "tests/actors/fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

route to(strategy how, std::vector<target> targets) {
  route way;
  way.how = how;
  way.targets = std::move(targets);
  return way;
}

std::map<std::string, route> sample_routes() {
  std::map<std::string, route> routes;
  routes["openai/*"] = to(strategy::weighted, {{"openai", "*"}});
  routes["echo"] = to(strategy::weighted, {{"echo", ""}});
  routes["spread"] = to(strategy::weighted, {{"a", "m", 1}, {"b", "m", 3}});
  routes["ordered"] = to(strategy::priority, {{"b", "m", 1, 1}, {"a", "m", 1, 0}});
  routes["fast"] = to(strategy::least_latency, {{"a", "m"}, {"b", "m"}});
  routes["idle"] = to(strategy::least_busy, {{"a", "m"}, {"b", "m"}});
  routes["echo"].max_output_tokens = 99;
  routes["echo"].retries = 1;
  return routes;
}

struct chat_upstream_fixture : actor_fixture {
  chat_upstream_actor guide = start_one(7);

  chat_upstream_actor start_one(std::uint64_t seed) {
    return keep(system.spawn(chat_upstream, std::make_shared<const route_table>(sample_routes()), seed));
  }

  result<picked_target> pick(std::string model, std::vector<std::string> excluded = {}, timestamp now = start) {
    return ask<picked_target>(guide, pick_atom::value, pick_request{std::move(model), std::move(excluded)}, now);
  }

  std::string upstream_of(std::string model, std::vector<std::string> excluded = {}, timestamp now = start) {
    auto picked = pick(std::move(model), std::move(excluded), now);
    return picked ? picked->upstream : "none";
  }

  void report(call_report how, timestamp now = start) {
    self->send(guide, report_atom::value, std::move(how), now);
    run();
  }

  void answered(std::string upstream, std::uint32_t latency_us = 1000, timestamp now = start) {
    report({std::move(upstream), true, "", latency_us}, now);
  }

  void failed(std::string upstream, timestamp now = start) {
    report({std::move(upstream), false, "connection refused", 0}, now);
  }

  target_status status_of(const std::string& upstream) {
    auto all = ask<target_statuses>(guide, status_atom::value);
    REQUIRE(all);
    for (const auto& each : *all)
      if (each.upstream == upstream) return each;
    FAIL("no status of " << upstream);
    return {};
  }
};

TEST_CASE_METHOD(chat_upstream_fixture, "a pick says where to go, by which name, and what the route allows") {
  auto picked = pick("openai/gpt-4o");
  REQUIRE(picked);
  CHECK(picked->pattern == "openai/*");
  CHECK(picked->upstream == "openai");
  CHECK(picked->upstream_model == "gpt-4o");
  picked = pick("echo");
  REQUIRE(picked);
  CHECK(picked->upstream_model == "echo");
  CHECK(picked->max_output_tokens == 99);
  CHECK(picked->retries == 1);
}

TEST_CASE_METHOD(chat_upstream_fixture, "a model without a route is not found, and the refusal says what to do") {
  auto refused = pick("gpt-9");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::not_found);
  CHECK(refused.error().param == "model");
  CHECK(refused.error().message.find("'gpt-9'") != std::string::npos);
  CHECK(refused.error().message.find("/v1/models") != std::string::npos);
}

TEST_CASE_METHOD(chat_upstream_fixture, "a model name of enormous length is not thrown back") {
  auto refused = pick(std::string(100'000, 'x'));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.size() < 200);
}

TEST_CASE_METHOD(chat_upstream_fixture, "excluded upstreams are skipped, and with all of them excluded there is none") {
  for (int i = 0; i < 20; ++i) CHECK(upstream_of("spread", {"b"}) == "a");
  auto refused = pick("spread", {"a", "b"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::upstream_unavailable);
}

TEST_CASE_METHOD(chat_upstream_fixture, "a call is in flight from its pick to its report") {
  pick("echo");
  pick("echo");
  CHECK(status_of("echo").in_flight == 2);
  answered("echo");
  failed("echo");
  auto now = status_of("echo");
  CHECK(now.in_flight == 0);
  CHECK(now.calls == 2);
  CHECK(now.failures == 1);
  CHECK(now.consecutive_failures == 1);
  CHECK(now.latency_us == 1000);
  CHECK(now.last_error == "connection refused");
}

TEST_CASE_METHOD(chat_upstream_fixture, "a pick that was refused is not in flight") {
  pick("spread", {"a", "b"});
  CHECK(status_of("a").in_flight + status_of("b").in_flight == 0);
}

TEST_CASE_METHOD(chat_upstream_fixture,
                 "a report of a pick from before a restart, or of nobody it knows, does no harm") {
  answered("echo");
  answered("never heard of");
  CHECK(status_of("echo").in_flight == 0);
}

TEST_CASE_METHOD(chat_upstream_fixture, "the status lists every upstream of the routes, also those never called") {
  auto all = ask<target_statuses>(guide, status_atom::value);
  REQUIRE(all);
  std::vector<std::string> names;
  for (const auto& each : *all) names.push_back(each.upstream);
  CHECK(names == std::vector<std::string>{"a", "b", "echo", "openai"});
}

TEST_CASE_METHOD(chat_upstream_fixture, "each route goes by its own strategy, over the health they share") {
  answered("a", 50'000);
  answered("b", 10'000);
  CHECK(upstream_of("fast") == "b");
  CHECK(upstream_of("ordered") == "a");
  pick("ordered");
  CHECK(upstream_of("idle") == "b");
  std::map<std::string, int> times;
  for (int i = 0; i < 400; ++i) ++times[upstream_of("spread")];
  CHECK(times["b"] == Approx(300).margin(40));
}

TEST_CASE_METHOD(chat_upstream_fixture, "after three failures in a row the other target is taken, for ten seconds") {
  failed("a");
  failed("a");
  CHECK(upstream_of("ordered") == "a");
  failed("a", start + 1s);
  CHECK(upstream_of("ordered", {}, start + 1s) == "b");
  CHECK(upstream_of("ordered", {}, start + 11s - 1ms) == "b");
  CHECK(upstream_of("ordered", {}, start + 11s) == "a");
  CHECK(upstream_of("ordered", {"b"}, start + 2s) == "a");
}

TEST_CASE_METHOD(chat_upstream_fixture, "the same seed picks the same way, another one another way") {
  auto picks = [this](std::uint64_t seed) {
    guide = start_one(seed);
    std::string all;
    for (int i = 0; i < 64; ++i) all += upstream_of("spread");
    return all;
  };
  auto one = picks(1);
  CHECK(one == picks(1));
  CHECK(one != picks(2));
}

TEST_CASE_METHOD(chat_upstream_fixture,
                 "killed, it tells who asks, and started again it knows every upstream and no past") {
  pick("echo");
  failed("echo");
  caf::anon_send_exit(guide, caf::exit_reason::kill);
  auto refused = pick("echo");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::dependency_unavailable);
  guide = start_one(7);
  CHECK(pick("echo"));
  CHECK(status_of("echo").failures == 0);
  CHECK(status_of("openai").calls == 0);
}

} // namespace
} // namespace gateway

#include "tests/actors/chat_upstream_fixture.hpp"

#include <algorithm>

namespace gateway {
namespace {

using namespace test;

TEST_CASE_METHOD(chat_upstream_fixture, "a pick says where to go, by which name, and what the route allows") {
  auto picked = pick("openai/gpt-4o");
  REQUIRE(picked);
  CHECK(picked->way == &routes->routes().at("openai/*"));
  CHECK(picked->upstream == "openai");
  CHECK(picked->upstream_model == "gpt-4o");
  picked = pick("echo");
  REQUIRE(picked);
  CHECK(picked->upstream_model == "echo");
  CHECK(picked->way->retries == 1);
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
  report({.target = 999, .how = verdict::failed});
  CHECK(status_of("echo").in_flight == 0);
}

TEST_CASE_METHOD(chat_upstream_fixture, "the status lists every upstream of the routes, also those never called") {
  auto all = ask<target_statuses>(guide, status_atom::value, start);
  REQUIRE(all);
  std::vector<std::string> names;
  for (const auto& each : *all) names.push_back(each.upstream);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"a", "b", "echo", "openai"});
}

TEST_CASE_METHOD(chat_upstream_fixture, "each route goes by its own strategy, over the health they share") {
  answered("a", 50ms);
  answered("b", 10ms);
  CHECK(upstream_of("fast") == "b");
  CHECK(upstream_of("ordered") == "a");
  pick("ordered");
  CHECK(upstream_of("idle") == "b");
  std::map<std::string, int> times;
  for (int i = 0; i < 400; ++i) ++times[upstream_of("spread")];
  CHECK(times["b"] == Approx(300).margin(40));
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

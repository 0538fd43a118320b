#include "actors/chat_upstream.hpp"

#include "tests/actors/fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

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
  routes["echo"].retries = 1;
  return routes;
}

struct chat_upstream_fixture : actor_fixture {
  std::vector<std::string> events;
  chat_upstream_actor guide = start_one(7);

  chat_upstream_actor start_one(std::uint64_t seed) {
    target_settings settings;
    settings.routes = std::make_shared<const route_table>(sample_routes());
    settings.upstreams["a"] = {.keys = 2, .breaker = {.consecutive_failures = 3}};
    settings.seed = seed;
    settings.on_event = [this](std::string_view event, const target_status& where, const std::string& reason) {
      events.push_back(std::string(event) + " " + where.upstream + ": " + reason);
    };
    return keep(system.spawn(chat_upstream, std::move(settings)));
  }

  result<picked_target> pick(std::string model, std::vector<std::string> excluded = {}, timestamp now = start) {
    pick_request wanted{std::move(model)};
    for (const auto& each : excluded) wanted.excluded.push_back({number_of(each), std::nullopt});
    return ask<picked_target>(guide, pick_atom::value, wanted, now);
  }

  std::uint32_t number_of(const std::string& upstream) { return status_of(upstream).target; }

  std::string upstream_of(std::string model, std::vector<std::string> excluded = {}, timestamp now = start) {
    auto picked = pick(std::move(model), std::move(excluded), now);
    return picked ? picked->upstream : "none";
  }

  void report(call_report how, timestamp now = start) {
    self->send(guide, report_atom::value, std::move(how), now);
    run();
  }

  void answered(const std::string& upstream, std::chrono::microseconds latency = 1ms, timestamp now = start) {
    report({.target = number_of(upstream), .how = verdict::answered, .latency = latency}, now);
  }

  void failed(const std::string& upstream, timestamp now = start) {
    report({.target = number_of(upstream), .how = verdict::failed, .error = "connection refused"}, now);
  }

  target_status status_of(const std::string& upstream) {
    auto all = ask<target_statuses>(guide, status_atom::value, start);
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

TEST_CASE_METHOD(chat_upstream_fixture,
                 "a target whose breaker is open is passed over, and used again when it is back") {
  failed("a");
  failed("a");
  CHECK(upstream_of("ordered") == "a");
  CHECK(events.empty());
  failed("a", start + 1s);
  CHECK(events == std::vector<std::string>{"breaker_opened a: connection refused"});
  CHECK(upstream_of("ordered", {}, start + 1s) == "b");
  CHECK(upstream_of("ordered", {}, start + 11s - 1ms) == "b");
  auto probe = pick("ordered", {}, start + 11s);
  REQUIRE(probe);
  CHECK(probe->upstream == "a");
  CHECK(probe->probe);
  CHECK(upstream_of("ordered", {}, start + 11s) == "b");
  report({.target = probe->target, .probe = true, .how = verdict::answered}, start + 12s);
  CHECK(events.back() == "breaker_closed a: ");
  CHECK(upstream_of("ordered", {}, start + 12s) == "a");
}

TEST_CASE_METHOD(chat_upstream_fixture, "with every breaker open a pick fails at once, and says for how long") {
  for (int i = 0; i < 3; ++i) failed("a");
  auto refused = pick("ordered", {"b"}, start + 4s);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::upstream_unavailable);
  CHECK(refused.error().retry_after == 6s);
}

TEST_CASE_METHOD(chat_upstream_fixture,
                 "a key that is rate limited rests, and with all of them resting so does the target") {
  const auto a = number_of("a");
  CHECK(pick("ordered")->credential == 0);
  report({.target = a, .credential = 0, .how = verdict::declined, .rest = 2s});
  CHECK(pick("ordered")->credential == 1);
  CHECK(pick("ordered")->credential == 1);
  report({.target = a, .credential = 1, .how = verdict::declined, .rest = 5s});
  CHECK(upstream_of("ordered") == "b");
  auto refused = pick("ordered", {"b"}, start + 1s);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::upstream_rate_limited);
  CHECK(refused.error().retry_after == 1s);
  CHECK(pick("ordered", {}, start + 2s)->credential == 0);
  CHECK(status_of("a").credentials_resting == 2);
}

TEST_CASE_METHOD(chat_upstream_fixture, "a key that the provider refuses is set aside, and reported once") {
  const auto a = number_of("a");
  report({.target = a, .credential = 0, .how = verdict::declined, .error = "status 401", .credential_refused = true});
  report({.target = a, .credential = 0, .how = verdict::declined, .error = "status 401", .credential_refused = true});
  CHECK(events == std::vector<std::string>{"credential_set_aside a: key 1 of 2: status 401"});
  for (int i = 0; i < 4; ++i) CHECK(pick("ordered")->credential == 1);
  CHECK(status_of("a").credentials == 2);
  CHECK(status_of("a").credentials_set_aside == 1);
}

TEST_CASE_METHOD(chat_upstream_fixture, "repeated calls need room in the retry budget, first calls do not") {
  pick_request again{"echo", {}, true};
  std::size_t granted = 0;
  for (int i = 0; i < 1000; ++i) {
    auto picked = ask<picked_target>(guide, pick_atom::value, again, start);
    if (picked) ++granted;
    if (!picked) CHECK(picked.error().code == ec::rate_limited);
  }
  // Ten a second, over the ten seconds that the budget looks at.
  CHECK(granted == 100);
  CHECK(pick("echo"));
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

#pragma once

#include "actors/chat_upstream.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

using namespace std::chrono_literals;

inline constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

inline route to(strategy how, std::vector<target> targets) {
  route way;
  way.how = how;
  way.targets = std::move(targets);
  return way;
}

inline route_map sample_routes() {
  route_map routes;
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
  std::shared_ptr<const route_table> routes = std::make_shared<const route_table>(sample_routes());
  chat_upstream_actor guide = start_one(7);

  chat_upstream_actor start_one(std::uint64_t seed) {
    target_settings settings;
    settings.routes = routes;
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

} // namespace gateway::test

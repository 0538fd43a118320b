#include "domain/targets/target_choice.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

struct choosing {
  strategy how;
  std::vector<target> targets;
  std::map<std::string, target_health> health{};
  std::mt19937_64 random{42};

  std::string choose() {
    std::vector<candidate> among;
    for (const auto& each : targets) among.push_back({&each, &health[each.upstream]});
    return targets[choose_target(how, among, start, random)].upstream;
  }

  /// How often each upstream comes out of so many choices.
  std::map<std::string, int> count(int choices) {
    std::map<std::string, int> times;
    for (int i = 0; i < choices; ++i) ++times[choose()];
    return times;
  }

  void answer(const std::string& upstream, std::chrono::microseconds latency) {
    health[upstream].finish({verdict::answered, false, "", latency}, start);
  }
};

TEST_CASE("weighted: each target gets its share") {
  choosing it{strategy::weighted, {{"a", "", 1}, {"b", "", 2}, {"c", "", 7}}};
  auto times = it.count(10'000);
  CHECK(times["a"] == Approx(1000).margin(150));
  CHECK(times["b"] == Approx(2000).margin(200));
  CHECK(times["c"] == Approx(7000).margin(250));
}

TEST_CASE("weighted: a target of weight 0 gets nothing while another is there") {
  choosing it{strategy::weighted, {{"a", "", 0}, {"b", "", 1}, {"c", "", 0}}};
  CHECK(it.count(100)["b"] == 100);
  CHECK(choosing{strategy::weighted, {{"a", "", 0}}}.choose() == "a");
}

TEST_CASE("weighted: the same seed makes the same choices") {
  choosing one{strategy::weighted, {{"a", ""}, {"b", ""}, {"c", ""}}};
  choosing two{strategy::weighted, {{"a", ""}, {"b", ""}, {"c", ""}}};
  for (int i = 0; i < 50; ++i) CHECK(one.choose() == two.choose());
}

TEST_CASE("priority: the lowest number is taken, and equals share by weight") {
  choosing it{strategy::priority, {{"a", "", 3, 0}, {"b", "", 1, 0}, {"c", "", 1, 1}}};
  auto times = it.count(4000);
  CHECK(times["a"] == Approx(3000).margin(200));
  CHECK(times["b"] == Approx(1000).margin(200));
  CHECK(times["c"] == 0);
}

TEST_CASE("least_latency: of two targets the quicker one is taken, and an unknown one is tried once") {
  choosing it{strategy::least_latency, {{"slow", ""}, {"fast", ""}}};
  it.answer("slow", 80ms);
  it.answer("fast", 10ms);
  CHECK(it.count(50)["fast"] == 50);
  it.targets[0].upstream = "unknown";
  CHECK(it.count(20)["unknown"] == 20);
  it.health["unknown"].start(start);
  CHECK(it.count(20)["fast"] == 20);
}

TEST_CASE("least_latency: calls in flight weigh as much as latency") {
  choosing it{strategy::least_latency, {{"busy", ""}, {"idle", ""}}};
  it.answer("busy", 10ms);
  it.answer("idle", 25ms);
  CHECK(it.count(20)["busy"] == 20);
  it.health["busy"].start(start);
  it.health["busy"].start(start);
  CHECK(it.count(20)["idle"] == 20);
}

TEST_CASE("least_latency: of many the slowest is never taken, and the load is spread over the others") {
  choosing it{strategy::least_latency, {{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}}};
  for (const auto* name : {"a", "b", "c"}) it.answer(name, 10ms);
  it.answer("d", 90ms);
  auto times = it.count(3000);
  CHECK(times["d"] == 0);
  for (const auto* name : {"a", "b", "c"}) CHECK(times[name] > 500);
}

TEST_CASE("least_busy: the one with the fewest calls in flight is chosen") {
  choosing it{strategy::least_busy, {{"a", ""}, {"b", ""}, {"c", ""}}};
  for (const auto* busy : {"a", "a", "b", "c", "c"}) it.health[busy].start(start);
  CHECK(it.count(20)["b"] == 20);
  it.health["b"].start(start);
  it.health["b"].start(start);
  auto times = it.count(1000);
  CHECK(times["b"] == 0);
  CHECK(times["a"] == Approx(500).margin(100));
}

} // namespace
} // namespace gateway

#include "domain/targets/target_choice.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

struct choosing {
  route way;
  health_by_upstream health;
  std::mt19937_64 random{42};

  const target* choose(std::vector<std::string> excluded = {}, timestamp now = start) {
    return choose_target(way, excluded, health, now, random);
  }

  /// How often each upstream comes out of so many choices.
  std::map<std::string, int> count(int choices) {
    std::map<std::string, int> times;
    for (int i = 0; i < choices; ++i) ++times[choose()->upstream];
    return times;
  }

  void fail(const std::string& upstream, int times) {
    for (int i = 0; i < times; ++i) health[upstream].finish({false, "refused", 0us}, start);
  }

  void answer(const std::string& upstream, std::chrono::microseconds latency) {
    health[upstream].finish({true, "", latency}, start);
  }
};

choosing among(strategy how, std::vector<target> targets) {
  choosing it;
  it.way.how = how;
  it.way.targets = std::move(targets);
  return it;
}

TEST_CASE("weighted: each target gets its share") {
  auto it = among(strategy::weighted, {{"a", "", 1}, {"b", "", 2}, {"c", "", 7}});
  auto times = it.count(10'000);
  CHECK(times["a"] == Approx(1000).margin(150));
  CHECK(times["b"] == Approx(2000).margin(200));
  CHECK(times["c"] == Approx(7000).margin(250));
}

TEST_CASE("weighted: a target of weight 0 gets nothing while another is there") {
  auto it = among(strategy::weighted, {{"a", "", 0}, {"b", "", 1}, {"c", "", 0}});
  CHECK(it.count(100)["b"] == 100);
  CHECK(it.choose({"b"})->upstream == "a");
}

TEST_CASE("weighted: the same seed makes the same choices") {
  std::vector<target> targets{{"a", ""}, {"b", ""}, {"c", ""}};
  auto one = among(strategy::weighted, targets);
  auto two = among(strategy::weighted, targets);
  for (int i = 0; i < 50; ++i) CHECK(one.choose()->upstream == two.choose()->upstream);
}

TEST_CASE("priority: the lowest number goes first, then the next in line") {
  auto it = among(strategy::priority, {{"spare", "", 1, 2}, {"main", "", 1, 0}, {"second", "", 1, 1}});
  CHECK(it.count(20)["main"] == 20);
  CHECK(it.choose({"main"})->upstream == "second");
  it.fail("main", 3);
  CHECK(it.count(20)["second"] == 20);
}

TEST_CASE("priority: equals share by weight") {
  auto it = among(strategy::priority, {{"a", "", 3, 0}, {"b", "", 1, 0}, {"c", "", 1, 1}});
  auto times = it.count(4000);
  CHECK(times["a"] == Approx(3000).margin(200));
  CHECK(times["b"] == Approx(1000).margin(200));
  CHECK(times["c"] == 0);
}

TEST_CASE("least_latency: the fastest is chosen, and an unknown one is tried once") {
  auto it = among(strategy::least_latency, {{"slow", ""}, {"fast", ""}, {"unknown", ""}});
  it.answer("slow", 80ms);
  it.answer("fast", 10ms);
  CHECK(it.count(20)["unknown"] == 20);
  it.health["unknown"].start();
  CHECK(it.count(20)["fast"] == 20);
  CHECK(it.choose({"fast"})->upstream == "slow");
}

TEST_CASE("least_busy: the one with the fewest calls in flight is chosen") {
  auto it = among(strategy::least_busy, {{"a", ""}, {"b", ""}, {"c", ""}});
  for (const auto* busy : {"a", "a", "b", "c", "c"}) it.health[busy].start();
  CHECK(it.count(20)["b"] == 20);
  it.health["b"].start();
  it.health["b"].start();
  auto times = it.count(1000);
  CHECK(times["b"] == 0);
  CHECK(times["a"] == Approx(500).margin(100));
}

TEST_CASE("every strategy avoids a target in trouble while another is there, and takes it when none is") {
  auto how = GENERATE(strategy::weighted, strategy::priority, strategy::least_latency, strategy::least_busy);
  CAPTURE(to_string(how));
  auto it = among(how, {{"bad", "", 100, 0}, {"good", "", 1, 9}});
  it.answer("good", 80ms);
  it.health["good"].start();
  it.fail("bad", 2);
  it.answer("bad", 1ms);
  CHECK(it.count(50)["bad"] > 0);
  it.fail("bad", 3);
  CHECK(it.count(50)["good"] == 50);
  CHECK(it.choose({"good"})->upstream == "bad");
  CHECK(it.choose({}, start + 10s) != nullptr);
}

TEST_CASE("a target in trouble has its chance again after ten seconds") {
  auto it = among(strategy::priority, {{"main", "", 1, 0}, {"spare", "", 1, 1}});
  it.fail("main", 3);
  CHECK(it.choose({}, start + 10s - 1ms)->upstream == "spare");
  CHECK(it.choose({}, start + 10s)->upstream == "main");
}

TEST_CASE("when everybody is in trouble the strategy still holds") {
  auto it = among(strategy::priority, {{"spare", "", 1, 1}, {"main", "", 1, 0}});
  it.fail("main", 5);
  it.fail("spare", 3);
  CHECK(it.choose()->upstream == "main");
}

TEST_CASE("with every target excluded there is none") {
  auto it = among(strategy::weighted, {{"a", ""}, {"b", ""}});
  CHECK(it.choose({"b", "a"}) == nullptr);
  CHECK(among(strategy::priority, {}).choose() == nullptr);
}

} // namespace
} // namespace gateway

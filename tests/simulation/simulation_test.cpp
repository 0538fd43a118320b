#include "tests/simulation/schedule.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <string>

namespace gateway::simulation {
namespace {

constexpr std::size_t shown = 40;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread.
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// The last steps of a schedule, by running it once more.
std::string last_steps(std::uint64_t seed) {
  std::deque<std::string> last;
  schedule(seed, [&](const std::string& line) {
    last.push_back(line);
    if (last.size() > shown) last.pop_front();
  }).run();
  std::string text;
  for (const auto& line : last) text.append(line).append("\n");
  return text;
}

void replay(std::uint64_t seed) {
  const auto came_to = schedule(seed, [](const std::string& line) { std::cout << line << "\n"; }).run();
  std::cout << came_to.messages << " messages; " << (came_to.violation.empty() ? "nothing wrong" : came_to.violation)
            << "\n";
  CHECK_THAT(came_to.violation, Catch::Matchers::Equals(""));
}

/// Runs the schedules of these seeds, and says how many there were.
void run_schedules(std::uint64_t first) {
  if (const auto seed = from_environment("SIMULATION_SEED", 0); seed > 0) {
    if (first == 1) replay(seed);
    return;
  }
  const auto count = from_environment("SIMULATION_SCHEDULES", 1000);
  const auto begin = std::chrono::steady_clock::now();
  outcome sum;
  std::string failed;
  for (auto seed = first; seed < first + count; ++seed) {
    const auto one = schedule(seed).run();
    if (!one.violation.empty()) {
      if (failed.empty()) failed = "The last steps of the first:\n" + last_steps(seed);
      failed = "SIMULATION_SEED=" + std::to_string(seed) + ": " + one.violation + "\n" + failed;
    }
    sum.messages += one.messages;
    sum.grants += one.grants;
    sum.deaths += one.deaths;
    sum.crashes += one.crashes;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << count << " schedules, " << sum.messages << " messages, " << sum.deaths << " deaths of actors, "
            << sum.crashes << " crashes: " << took.count() << " s\n";
  if (!failed.empty()) FAIL(failed);
}

TEST_CASE("1000 schedules from seed 1 on keep every promise after every message") { run_schedules(1); }
TEST_CASE("1000 schedules from seed 10001 on keep every promise after every message") { run_schedules(10'001); }
TEST_CASE("1000 schedules from seed 20001 on keep every promise after every message") { run_schedules(20'001); }
TEST_CASE("1000 schedules from seed 30001 on keep every promise after every message") { run_schedules(30'001); }
TEST_CASE("1000 schedules from seed 40001 on keep every promise after every message") { run_schedules(40'001); }

} // namespace
} // namespace gateway::simulation

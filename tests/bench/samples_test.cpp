#include "bench/load/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>

using namespace std::chrono_literals;
using gateway::bench::samples;

TEST_CASE("percentiles are those of all durations, in microseconds") {
  samples of;
  for (auto each = 1000us; each >= 1us; each -= 1us) of.add(each);
  const auto json = of.as_json();
  CHECK(json["count"] == 1000);
  CHECK(json["p50"] == 500);
  CHECK(json["p90"] == 900);
  CHECK(json["p99"] == 990);
  CHECK(json["p99_9"] == 999);
  CHECK(json["max"] == 1000);
}

TEST_CASE("a single duration is every percentile, and none has none") {
  samples of;
  CHECK(of.as_json() == nlohmann::json({{"count", 0}}));
  of.add(1500ns);
  CHECK(of.as_json()["p50"] == 1.5);
  CHECK(of.as_json()["p99_9"] == 1.5);
}

#include "domain/metrics/histogram.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("the buckets of a histogram go from 10 us to 100 s, three a decade") {
  const auto& bounds = histogram::bounds;
  CHECK(bounds.front() == 10us);
  CHECK(bounds[1] == 25us);
  CHECK(bounds[2] == 50us);
  CHECK(bounds[3] == 100us);
  CHECK(bounds[15] == 1s);
  CHECK(bounds[16] == 2500ms);
  CHECK(bounds.back() == 100s);
  for (std::size_t i = 1; i < bounds.size(); ++i) CHECK(bounds[i - 1] < bounds[i]);
}

TEST_CASE("a time is in the bucket whose bound it just reaches, and in every longer one") {
  histogram times;
  times.observe(25us);
  CHECK(times.at_most(0) == 0);
  CHECK(times.at_most(1) == 1);
  CHECK(times.at_most(histogram::bound_count - 1) == 1);
  times.observe(25us + 1ns);
  CHECK(times.at_most(1) == 1);
  CHECK(times.at_most(2) == 2);
}

TEST_CASE("what took longer than every bucket is counted and summed, and in no bucket") {
  histogram times;
  times.observe(101s);
  CHECK(times.at_most(histogram::bound_count - 1) == 0);
  CHECK(times.count() == 1);
  CHECK(times.sum() == 101s);
}

TEST_CASE("a time below zero counts as zero") {
  histogram times;
  times.observe(-5us);
  CHECK(times.at_most(0) == 1);
  CHECK(times.sum() == 0us);
}

TEST_CASE("merged histograms have the counts and the sum of both") {
  histogram one;
  one.observe(1ms);
  one.observe(1h);
  histogram other;
  other.observe(1ms);
  other.observe(10us);
  one.merge(other);
  CHECK(one.count() == 4);
  CHECK(one.at_most(0) == 1);
  CHECK(one.at_most(6) == 3);
  CHECK(one.sum() == 1h + 2ms + 10us);
}

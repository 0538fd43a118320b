#include "domain/targets/credentials.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

/// Takes the next key, if there is one.
std::optional<std::uint32_t> next(credentials& keys, timestamp now = start) {
  const auto chosen = keys.choose({}, now);
  if (chosen) keys.use(*chosen);
  return chosen;
}

TEST_CASE("keys are taken in turn") {
  credentials keys(3);
  for (std::uint32_t i = 0; i < 6; ++i) CHECK(next(keys) == i % 3);
}

TEST_CASE("an upstream without keys has one that is none") {
  credentials keys(0);
  CHECK(next(keys) == 0);
  CHECK(keys.all().size() == 1);
}

TEST_CASE("a key that rests is not taken before its time, and when all rest there is none") {
  credentials keys(2);
  keys.rest(0, start + 2s);
  CHECK(next(keys) == 1);
  CHECK(next(keys) == 1);
  CHECK_FALSE(keys.rests_until(start));
  keys.rest(1, start + 5s);
  CHECK_FALSE(next(keys));
  CHECK(keys.rests_until(start) == start + 2s);
  CHECK(next(keys, start + 2s) == 0);
}

TEST_CASE("a key that was refused is taken only when nothing else is left, the oldest refusal first") {
  credentials keys(2);
  CHECK(keys.set_aside(0, start));
  CHECK_FALSE(keys.set_aside(0, start + 1s));
  CHECK(next(keys, start + 2s) == 1);
  CHECK(next(keys, start + 2s) == 1);
  CHECK(keys.set_aside(1, start + 3s));
  CHECK(next(keys, start + 4s) == 0);
  keys.accept(0);
  keys.set_aside(1, start + 5s);
  CHECK(next(keys, start + 6s) == 0);
  CHECK(next(keys, start + 5s + credentials::set_aside_for) == 1);
}

TEST_CASE("an excluded key is not taken") {
  credentials keys(2);
  const std::uint32_t first = 0;
  CHECK(keys.choose({&first, 1}, start) == 1);
  keys.rest(1, start + 1s);
  CHECK_FALSE(keys.choose({&first, 1}, start));
}

} // namespace
} // namespace gateway

#include "http/upstream/place_queue.hpp"

#include "tests/http/worker_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <optional>
#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// A request in flight, and what came of its wish for a place.
struct visitor {
  std::string tenant;
  tenant_places::place seat;
  std::optional<result<place_queue::place>> got{};
};

task<void> wait_for_place(place_queue& places, visitor& who, std::uint64_t cost, std::chrono::milliseconds patience) {
  auto got = co_await places.wait(who.tenant, cost, patience);
  who.got.emplace(std::move(got));
}

/// What the coroutines refer to: it goes after them.
struct visits {
  tenant_places crowd{1000};
  std::optional<place_queue> places;
  std::list<visitor> visitors;
  place_queue::time_point now = std::chrono::steady_clock::now();
};

struct places_fixture : visits, worker_fixture {
  places_fixture() { build(2, 100); }
  void build(std::size_t most, std::size_t waiting) { places.emplace(here.wheel(), crowd, most, waiting); }

  visitor& come(const std::string& tenant) { return visitors.emplace_back(visitor{tenant, *crowd.take(tenant, now)}); }
  bool take(const std::string& tenant) {
    auto& who = come(tenant);
    auto one = places->take(tenant, now);
    const bool got = one.has_value();
    if (got)
      who.got.emplace(std::move(*one));
    else
      visitors.pop_back();
    return got;
  }
  visitor& wait(const std::string& tenant, std::uint64_t cost = 100, std::chrono::milliseconds patience = 10s) {
    auto& who = come(tenant);
    start(wait_for_place(*places, who, cost, patience));
    settle();
    return who;
  }
  /// The end of the first visit of this tenant that has a place.
  void leave(const std::string& tenant) {
    const auto found =
        std::ranges::find_if(visitors, [&](const visitor& each) { return each.tenant == tenant && has_place(each); });
    REQUIRE(found != visitors.end());
    visitors.erase(found);
    settle();
  }
  static bool has_place(const visitor& who) { return who.got && who.got->has_value(); }
  std::ptrdiff_t count(const std::string& tenant) const {
    return std::ranges::count_if(visitors,
                                 [&](const visitor& each) { return each.tenant == tenant && has_place(each); });
  }
};

TEST_CASE_METHOD(places_fixture, "a tenant with one call is served next, however many calls of another one wait") {
  CHECK(take("flood"));
  CHECK(take("flood"));
  CHECK_FALSE(take("flood"));
  for (int i = 0; i < 50; ++i) wait("flood", 600);
  auto& quiet = wait("quiet", 600);
  leave("flood");
  leave("flood");
  CHECK(has_place(quiet));
  CHECK(count("flood") == 1);
}

TEST_CASE_METHOD(places_fixture, "long calls wait while short ones of another tenant make up the tokens") {
  CHECK(take("a"));
  CHECK(take("a"));
  auto& long_one = wait("a", 4 * 512);
  for (int i = 0; i < 10; ++i) wait("b", 512);
  std::size_t before = 0;
  while (!has_place(long_one)) {
    leave(count("b") > 0 ? "b" : "a");
    ++before;
  }
  CHECK(before == 4);
}

TEST_CASE_METHOD(places_fixture, "a tenant that is alone has every place") {
  build(16, 100);
  for (int i = 0; i < 16; ++i) CHECK(take("alone"));
  CHECK_FALSE(take("alone"));
}

TEST_CASE_METHOD(places_fixture, "beside another tenant an eighth of the places stays free for who has little") {
  build(16, 100);
  CHECK(take("quiet"));
  leave("quiet");
  for (int i = 0; i < 14; ++i) CHECK(take("flood"));
  CHECK_FALSE(take("flood"));
  auto& more = wait("flood");
  CHECK(take("quiet"));
  CHECK(take("quiet"));
  CHECK_FALSE(take("quiet"));
  auto& third = wait("quiet");
  // Of what ends a quiet one gets all, as long as it has less than half; the flood what is beyond the two.
  leave("flood");
  CHECK(has_place(third));
  leave("flood");
  leave("flood");
  CHECK_FALSE(has_place(more));
  leave("flood");
  CHECK(has_place(more));
  CHECK(count("flood") == 11);
}

TEST_CASE_METHOD(places_fixture, "who has more than an even share is not served from what is kept") {
  build(16, 100);
  CHECK(take("a"));
  for (int i = 0; i < 13; ++i) CHECK(take("b"));
  CHECK_FALSE(take("b"));
  CHECK(take("a"));
  for (int i = 0; i < 6; ++i) leave("b");
  // Eight are even with two tenants, and beyond them two stay free.
  for (int i = 0; i < 5; ++i) CHECK(take("a"));
  CHECK(take("a"));
  CHECK_FALSE(take("a"));
  CHECK(take("b"));
}

TEST_CASE_METHOD(places_fixture, "what was kept goes to who waits once the other tenant has been away for a minute") {
  build(8, 100);
  CHECK(take("quiet"));
  leave("quiet");
  for (int i = 0; i < 7; ++i) CHECK(take("flood"));
  CHECK_FALSE(take("flood"));
  auto& first = wait("flood");
  now += 2min;
  CHECK_FALSE(take("flood"));
  settle();
  CHECK(has_place(first));
}

TEST_CASE_METHOD(places_fixture, "a flood is refused at once when its share of the queue is used, and others are not") {
  build(1, 80);
  CHECK(take("flood"));
  for (int i = 0; i < 70; ++i) CHECK_FALSE(wait("flood").got);
  const auto& refused = wait("flood");
  REQUIRE(refused.got);
  CHECK(refused.got->error().code == ec::overloaded);
  CHECK(refused.got->error().retry_after == 1s);
  for (int i = 0; i < 10; ++i) CHECK_FALSE(wait("quiet").got);
  CHECK(wait("quiet").got);
}

TEST_CASE_METHOD(places_fixture, "who waited too long is told so, and leaves the queue to the others") {
  CHECK(take("a"));
  CHECK(take("a"));
  auto& first = wait("a", 100, 1ms);
  auto& second = wait("b");
  run_until([&] { return first.got.has_value(); });
  CHECK(first.got->error().code == ec::overloaded);
  leave("a");
  CHECK(has_place(second));
}

} // namespace
} // namespace gateway

#include "domain/fairness/tenant_places.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

struct places_fixture {
  explicit places_fixture(std::size_t most) : places(most) {}

  bool take(const std::string& tenant) {
    auto one = places.take(tenant, now);
    if (one) held.push_back(std::move(*one));
    return one.has_value();
  }
  std::size_t take_all(const std::string& tenant) {
    std::size_t got = 0;
    while (take(tenant)) ++got;
    return got;
  }

  tenant_places places;
  std::vector<tenant_places::place> held;
  tenant_places::time_point now{1h};
};

} // namespace

TEST_CASE("a tenant that is alone may have every place, however few there are") {
  const auto most = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{8}, std::size_t{1000});
  places_fixture it(most);
  CHECK(it.take_all("a") == most);
  CHECK(it.places.taken() == most);
}

TEST_CASE("what ends gives its place back") {
  places_fixture it(2);
  CHECK(it.take_all("a") == 2);
  it.held.pop_back();
  CHECK(it.places.taken() == 1);
  CHECK(it.take("a"));
  CHECK_FALSE(it.take("a"));
}

TEST_CASE("who has how many is known, and whether several tenants come") {
  places_fixture it(10);
  CHECK_FALSE(it.places.several(it.now));
  CHECK(it.take("a"));
  CHECK(it.take("a"));
  CHECK_FALSE(it.places.several(it.now));
  CHECK(it.take("b"));
  CHECK(it.places.several(it.now));
  CHECK(it.places.held_by("a") == 2);
  CHECK(it.places.held_by("b") == 1);
  CHECK(it.places.held_by("c") == 0);
  CHECK(it.places.tenants() == 2);
  it.held.pop_back();
  CHECK(it.places.tenants() == 1);
  CHECK_FALSE(it.places.several(it.now + 1min));
}

TEST_CASE("beside another tenant nobody takes the eighth that is kept for who has little") {
  places_fixture it(80);
  { const auto came_and_went = it.places.take("quiet", it.now); }
  CHECK(it.take_all("flood") == 70);
  CHECK(it.take_all("quiet") == 10);
  CHECK(it.places.taken() == 80);
}

TEST_CASE("beyond the half no tenant gets more than an even share") {
  places_fixture it(80);
  CHECK(it.take("a"));
  CHECK(it.take("b"));
  // Half of 80 is for who comes first; an even share of the rest would be less.
  CHECK(it.take_all("a") == 38);
  CHECK(it.take_all("b") == 34);
}

TEST_CASE("after a minute alone a tenant may have everything again") {
  places_fixture it(80);
  { const auto came_and_went = it.places.take("quiet", it.now); }
  CHECK(it.take_all("flood") == 70);
  it.now += 61s;
  CHECK(it.take_all("flood") == 10);
}

TEST_CASE("tenants that have nothing are forgotten when there are many") {
  places_fixture it(10);
  CHECK(it.take("stays"));
  for (int i = 0; i < 10'000; ++i) {
    const auto gone = it.places.take("t" + std::to_string(i), it.now);
  }
  CHECK(it.places.remembered() < 100);
  it.held.clear();
  CHECK(it.places.taken() == 0);
}

#include "domain/quota/hold_table.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <deque>
#include <random>
#include <set>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

hold make_hold(std::uint64_t tokens, timestamp deadline = {}) {
  hold made;
  made.amount.tokens = tokens;
  made.deadline = deadline;
  return made;
}

} // namespace

TEST_CASE("a hold can be taken once") {
  hold_table table{7};
  auto id = table.add(make_hold(42));
  CHECK(id >> 40 == 7);
  REQUIRE(table.find(id) != nullptr);
  CHECK(table.find(id)->amount.tokens == 42);
  REQUIRE(table.take(id).has_value());
  CHECK_FALSE(table.take(id).has_value());
  CHECK(table.find(id) == nullptr);
  CHECK_FALSE(table.take(0).has_value());
  CHECK(table.size() == 0);
}

TEST_CASE("tables of different epochs never name the same hold") {
  hold_table before{1};
  hold_table after{2};
  auto old = before.add(make_hold(1));
  after.add(make_hold(1));
  CHECK_FALSE(after.take(old).has_value());
}

TEST_CASE("holds expire in the order they were made, and not before their deadline") {
  hold_table table{1};
  const timestamp start{};
  auto first = table.add(make_hold(1, start + 1s));
  table.add(make_hold(2, start + 2s));
  table.add(make_hold(3, start + 3s));
  CHECK_FALSE(table.take_expired(start + 999ms).has_value());
  REQUIRE(table.take(first).has_value());
  auto second = table.take_expired(start + 3s);
  REQUIRE(second.has_value());
  CHECK(second->amount.tokens == 2);
  CHECK(table.take_expired(start + 3s)->amount.tokens == 3);
  CHECK_FALSE(table.take_expired(start + 3s).has_value());
}

TEST_CASE("however holds come and go, each is found by its id and the oldest comes first") {
  hold_table table{99};
  std::deque<std::pair<hold_id, std::uint64_t>> model;
  std::set<hold_id> seen;
  std::mt19937 random{1};
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    // Grows to some thousands, then shrinks, with a few that stay for long.
    auto add = random() % 100 < (step < 10'000 ? 60U : 40U);
    if (add || model.empty()) {
      auto id = table.add(make_hold(step));
      REQUIRE(seen.insert(id).second);
      model.emplace_back(id, step);
    } else if (random() % 10 == 0) {
      auto oldest = table.take_expired(timestamp{});
      REQUIRE(oldest.has_value());
      REQUIRE(oldest->amount.tokens == model.front().second);
      REQUIRE_FALSE(table.take(model.front().first).has_value());
      model.pop_front();
    } else {
      auto at = model.begin() + static_cast<std::ptrdiff_t>(model.size() / 2 + random() % ((model.size() + 1) / 2));
      auto taken = table.take(at->first);
      REQUIRE(taken.has_value());
      REQUIRE(taken->amount.tokens == at->second);
      model.erase(at);
    }
    REQUIRE(table.size() == model.size());
  }
}

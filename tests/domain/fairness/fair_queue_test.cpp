#include "domain/fairness/fair_queue.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>
#include <map>
#include <random>
#include <ranges>
#include <string>
#include <vector>

using namespace gateway;

namespace {

struct waiter : fair_queue::entry {
  std::string tenant;
  std::uint64_t cost = 0;
};

/// A queue and those who wait in it.
struct queue_of_waiters {
  explicit queue_of_waiters(std::uint64_t quantum) : queue(quantum) {}
  ~queue_of_waiters() {
    for (auto& each : all) queue.remove(each);
  }

  waiter& add(const std::string& tenant, std::uint64_t cost) {
    auto& one = all.emplace_back();
    one.tenant = tenant;
    one.cost = cost;
    queue.add(one, tenant, cost);
    return one;
  }
  waiter* take() { return static_cast<waiter*>(queue.take()); }
  std::string order() {
    std::string names;
    while (auto* next = take()) names += next->tenant;
    return names;
  }

  fair_queue queue;
  std::list<waiter> all;
};

/// Deficit round robin as it is written in the paper: one turn after the other.
class paper_queue {
 public:
  explicit paper_queue(std::uint64_t quantum) : quantum_(static_cast<std::int64_t>(quantum)) {}

  void add(waiter& one) {
    auto found = std::ranges::find(ring_, one.tenant, &flow::tenant);
    if (found == ring_.end()) {
      ring_.push_back({one.tenant, ring_.empty() ? quantum_ : 0, {}});
      found = std::prev(ring_.end());
    }
    found->entries.push_back(&one);
  }
  void remove(waiter& one) {
    const auto found = std::ranges::find(ring_, one.tenant, &flow::tenant);
    found->entries.remove(&one);
    if (!found->entries.empty()) return;
    const bool had_turn = found == ring_.begin();
    ring_.erase(found);
    if (had_turn && !ring_.empty()) ring_.front().deficit += quantum_;
  }
  waiter* take() {
    if (ring_.empty()) return nullptr;
    while (static_cast<std::int64_t>(ring_.front().entries.front()->cost) > ring_.front().deficit) {
      ring_.splice(ring_.end(), ring_, ring_.begin());
      ring_.front().deficit += quantum_;
    }
    auto* one = ring_.front().entries.front();
    ring_.front().deficit -= static_cast<std::int64_t>(one->cost);
    remove(*one);
    return one;
  }

 private:
  struct flow {
    std::string tenant;
    std::int64_t deficit;
    std::list<waiter*> entries;
  };
  std::int64_t quantum_;
  std::list<flow> ring_;
};

std::uint64_t some_cost(std::mt19937_64& random) {
  const std::uint64_t size = std::uint64_t{1} << std::uniform_int_distribution<int>(0, 13)(random);
  return std::uniform_int_distribution<std::uint64_t>(1, size)(random);
}

std::string some_tenant(std::mt19937_64& random, int count) {
  return std::string(1, static_cast<char>('a' + std::uniform_int_distribution<int>(0, count - 1)(random)));
}

} // namespace

TEST_CASE("a tenant with one request is served next, however many another one has waiting") {
  queue_of_waiters it(100);
  for (int i = 0; i < 50; ++i) it.add("f", 100);
  CHECK(it.take()->tenant == "f");
  it.add("q", 100);
  CHECK(it.take()->tenant == "q");
  CHECK(it.take()->tenant == "f");
}

TEST_CASE("tenants take turns by tokens, not by requests") {
  queue_of_waiters it(100);
  for (int i = 0; i < 3; ++i) it.add("A", 100);
  for (int i = 0; i < 12; ++i) it.add("b", 25);
  CHECK(it.order() == "AbbbbAbbbbAbbbb");
}

TEST_CASE("costs beyond the quantum are saved for over many turns") {
  queue_of_waiters it(1);
  it.add("A", 1'000'000'000);
  it.add("b", 999'999'999);
  it.add("b", 2);
  CHECK(it.order() == "bAb");
}

TEST_CASE("requests of one tenant are served in the order of coming") {
  queue_of_waiters it(10);
  std::vector<waiter*> came;
  for (std::uint64_t i = 0; i < 20; ++i) came.push_back(&it.add("a", 1 + (i * 7) % 30));
  for (auto* each : came) CHECK(it.take() == each);
  CHECK(it.take() == nullptr);
}

TEST_CASE("who leaves the queue is not served, and a tenant without entries leaves nothing behind") {
  queue_of_waiters it(10);
  auto& first = it.add("a", 10);
  auto& second = it.add("b", 10);
  auto& third = it.add("b", 10);
  CHECK(it.queue.tenants() == 2);
  CHECK(it.queue.waiting("b") == 2);
  it.queue.remove(second);
  it.queue.remove(second);
  it.queue.remove(first);
  CHECK(it.queue.size() == 1);
  CHECK(it.queue.tenants() == 1);
  CHECK(it.queue.waiting("a") == 0);
  CHECK(it.take() == &third);
  CHECK(it.queue.empty());
  CHECK(it.queue.tenants() == 0);
}

TEST_CASE("what a tenant had saved is gone once it has nobody waiting") {
  queue_of_waiters it(100);
  it.add("a", 10);
  CHECK(it.take()->tenant == "a");
  it.add("b", 100);
  it.add("a", 100);
  it.add("a", 100);
  CHECK(it.order() == "baa");
}

TEST_CASE("a take that some tenants are shut out from leaves them their place, and charges who is taken") {
  queue_of_waiters it(100);
  it.add("a", 100);
  it.add("b", 100);
  it.add("b", 100);
  it.add("c", 100);
  const auto only_b = [](std::string_view tenant) { return tenant == "b"; };
  CHECK(static_cast<waiter*>(it.queue.take_if(only_b))->tenant == "b");
  CHECK(it.queue.take_if([](std::string_view) { return false; }) == nullptr);
  CHECK(it.order() == "acb");
}

TEST_CASE("over any schedule the queue serves as deficit round robin does, turn by turn") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    std::mt19937_64 random(seed);
    const auto quantum = some_cost(random);
    queue_of_waiters it(quantum);
    paper_queue model(quantum);
    std::vector<waiter*> waiting;
    for (int step = 0; step < 400; ++step) {
      const auto dice = std::uniform_int_distribution<int>(0, 9)(random);
      if (dice < 5) {
        auto& one = it.add(some_tenant(random, 6), some_cost(random));
        model.add(one);
        waiting.push_back(&one);
      } else if (dice < 6 && !waiting.empty()) {
        auto* one = waiting[std::uniform_int_distribution<std::size_t>(0, waiting.size() - 1)(random)];
        it.queue.remove(*one);
        model.remove(*one);
        std::erase(waiting, one);
      } else {
        auto* served = it.take();
        REQUIRE(served == model.take());
        std::erase(waiting, served);
      }
      REQUIRE(it.queue.size() == waiting.size());
    }
  }
}

TEST_CASE("while tenants wait none gets ahead of another by more than the quantum and the largest cost") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    std::mt19937_64 random(seed);
    const auto quantum = some_cost(random);
    queue_of_waiters it(quantum);
    std::uint64_t largest = 0;
    for (int i = 0; i < 300; ++i) {
      const auto cost = some_cost(random);
      largest = std::max(largest, cost);
      it.add(some_tenant(random, 5), cost);
    }
    std::map<std::string, std::uint64_t> served;
    for (auto& each : it.all) served[each.tenant];
    // Until the first of them has nothing left.
    std::uint64_t furthest = 0;
    while (true) {
      const auto* one = it.take();
      if (it.queue.tenants() < served.size()) break;
      served[one->tenant] += one->cost;
      const auto [least, most] = std::ranges::minmax(served | std::views::values);
      furthest = std::max(furthest, most - least);
    }
    REQUIRE(furthest <= quantum + largest);
  }
}

TEST_CASE("nobody starves: before a request of the queue is served, no other tenant has more than its part of it") {
  std::mt19937_64 random(7);
  constexpr std::uint64_t quantum = 512;
  queue_of_waiters it(quantum);
  for (int i = 0; i < 20; ++i) it.add("f", some_cost(random));
  it.add("q", 4096);
  std::uint64_t ahead = 0;
  while (true) {
    const auto* one = it.take();
    if (one->tenant == "q") break;
    ahead += one->cost;
    it.add("f", some_cost(random));
    REQUIRE(ahead <= 4096 + 2 * quantum + 8192);
  }
  CHECK(ahead > 0);
}

#include "runtime/byte_account.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace gateway {
namespace {

constexpr std::uint64_t mib = 1024 * 1024;

/// Some workers that share a pool.
struct workers {
  std::shared_ptr<byte_pool> pool;
  std::deque<byte_account> accounts;

  workers(std::uint64_t most, std::uint64_t largest, std::size_t count) : pool(std::make_shared<byte_pool>(most)) {
    for (std::size_t i = 0; i < count; ++i) accounts.emplace_back(pool, most, largest, count);
  }
};

TEST_CASE("what is held is given back by its end", "[byte_account]") {
  workers all(64 * mib, 8 * mib, 1);
  auto& mine = all.accounts[0];
  {
    byte_claim body(&mine, bytes_for::request);
    REQUIRE(body.cover(5 * mib));
    CHECK(body.cover(3 * mib));
    CHECK(mine.held() == 5 * mib);
    byte_claim moved = std::move(body);
    moved.shrink_to(2 * mib);
    CHECK(mine.held() == 2 * mib);
    byte_claim other(&mine, bytes_for::answer);
    REQUIRE(other.cover(1));
    moved = std::move(other);
    CHECK(moved.bytes() == 1);
  }
  CHECK(mine.held() == 0);
}

TEST_CASE("a claim that finds no room stays as it was", "[byte_account]") {
  workers all(8 * mib, 8 * mib, 1);
  byte_claim body(&all.accounts[0], bytes_for::request);
  REQUIRE(body.cover(5 * mib));
  CHECK_FALSE(body.cover(9 * mib));
  CHECK(body.bytes() == 5 * mib);
  CHECK(body.cover(8 * mib));
}

TEST_CASE("the largest request fits whatever small stocks the other workers keep", "[byte_account]") {
  const auto most = GENERATE(as<std::uint64_t>{}, 8 * mib, 9 * mib, 64 * mib);
  workers all(most, 8 * mib, 64);
  for (auto& each : all.accounts) {
    // Takes a stock, and keeps as much of it as it may.
    if (each.take(1, bytes_for::request)) each.give_back(1);
  }
  byte_claim body(&all.accounts[0], bytes_for::request);
  CHECK(body.cover(8 * mib));
}

TEST_CASE("large requests leave a quarter for answers and for small requests", "[byte_account]") {
  workers all(64 * mib, 8 * mib, 2);
  std::vector<byte_claim> bodies;
  while (true) {
    byte_claim body(&all.accounts[bodies.size() % 2], bytes_for::request);
    if (!body.cover(4 * mib)) break;
    bodies.push_back(std::move(body));
  }
  CHECK(bodies.size() <= 12);
  CHECK(bodies.size() >= 10);
  byte_claim small(&all.accounts[0], bytes_for::request);
  CHECK(small.cover(byte_account::small_request));
  byte_claim answer(&all.accounts[1], bytes_for::answer);
  CHECK(answer.cover(12 * mib));
  CHECK_FALSE(answer.cover(24 * mib));
}

TEST_CASE("whatever is taken and given back, the workers never hold more than there is", "[byte_account]") {
  std::mt19937 random(7);
  const std::uint64_t most = 16 * mib;
  workers all(most, 4 * mib, 3);
  std::vector<byte_claim> held;
  for (int turn = 0; turn < 20'000; ++turn) {
    if (random() % 2 == 0 || held.empty()) {
      byte_claim claim(&all.accounts[random() % 3], random() % 2 ? bytes_for::request : bytes_for::answer);
      if (claim.cover(random() % (random() % 8 ? 10'000 : 4 * mib))) held.push_back(std::move(claim));
    } else {
      std::swap(held[random() % held.size()], held.back());
      held.pop_back();
    }
    std::uint64_t sum = all.pool->left();
    for (auto& each : all.accounts) sum += each.held();
    REQUIRE(sum <= most);
  }
  held.clear();
  all.accounts.clear();
  CHECK(all.pool->left() == most);
}

TEST_CASE("workers on threads of their own never take more than there is, and all of it comes back", "[byte_account]") {
  const std::uint64_t most = 4 * mib;
  auto pool = std::make_shared<byte_pool>(most);
  std::atomic<std::uint64_t> held{0};
  std::atomic<bool> too_much{false};
  auto work = [&] {
    byte_account mine(pool, most, mib, 4);
    for (int i = 0; i < 20'000; ++i) {
      byte_claim claim(&mine, bytes_for::answer);
      if (!claim.cover(300'000)) continue;
      if (held.fetch_add(300'000) + 300'000 > most) too_much = true;
      held.fetch_sub(300'000);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (auto& each : threads) each.join();
  CHECK_FALSE(too_much);
  CHECK(pool->left() == most);
}

TEST_CASE("what is not counted is never refused", "[byte_account]") {
  byte_claim body;
  CHECK(body.cover(UINT64_MAX));
  byte_account endless;
  byte_claim counted(&endless, bytes_for::request);
  CHECK(counted.cover(100 * mib));
  CHECK(endless.held() == 100 * mib);
}

} // namespace
} // namespace gateway

#include "actors/ledger.hpp"

#include "tests/actors/fakes/ledger_store.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

using namespace gateway;

namespace {

constexpr std::chrono::sys_days today = std::chrono::year{2026} / 11 / 23;
constexpr timestamp noon = today + std::chrono::hours{12};

ledger_entry entry_of(std::chrono::sys_days day) {
  return {limit_scope::key, "k", limit_kind::daily_requests, day, day, end_of(day)};
}

struct ledger_fixture : test::actor_fixture {
  std::shared_ptr<test::flaky_ledger_store> store = std::make_shared<test::flaky_ledger_store>();
  ledger_actor book = keep(system.spawn(ledger, store));

  result<leases> lease_requests(std::uint64_t wanted, std::chrono::sys_days day = today) {
    return ask<leases>(book, lease_atom::value, std::string("shard"), lease_wishes{{entry_of(day), wanted, 10}},
                       timestamp{day + std::chrono::hours{12}});
  }
  result<void> give_back(std::uint64_t unspent) {
    return ask<void>(book, return_atom::value, std::string("shard"), lease_returns{{entry_of(today), unspent}}, noon);
  }
};

} // namespace

TEST_CASE_METHOD(ledger_fixture, "the ledger grants as far as the limit goes, and again what comes back") {
  CHECK(lease_requests(8)->front().granted == 8);
  auto rest = lease_requests(8);
  REQUIRE(rest.has_value());
  CHECK(rest->front().entry == entry_of(today));
  CHECK(rest->front().granted == 2);
  CHECK(rest->front().granted_in_all == 10);
  REQUIRE(give_back(3).has_value());
  CHECK(lease_requests(8)->front().granted == 3);
}

TEST_CASE_METHOD(ledger_fixture, "a store that fails is an answer, and the ledger goes on when it is back") {
  store->is_there = false;
  auto refused = lease_requests(1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ec::dependency_unavailable);
  CHECK(refused.error().message == "database or disk is full");
  CHECK(give_back(1).error().code == ec::dependency_unavailable);
  CHECK(ask<void>(book, ping_atom::value).error().code == ec::dependency_unavailable);
  store->is_there = true;
  CHECK(lease_requests(1)->front().granted == 1);
  CHECK(ask<void>(book, ping_atom::value).has_value());
}

TEST_CASE_METHOD(ledger_fixture, "entries are forgotten once a day, eight days after they ended") {
  using std::chrono::days;
  lease_requests(1);
  lease_requests(1);
  lease_requests(1, today + days{1});
  lease_requests(1, today);
  CHECK(store->pruned == std::vector<timestamp>{today - days{8}, today - days{7}});
  CHECK(lease_requests(10)->front().granted == 7);
  lease_requests(1, today + days{9});
  CHECK(lease_requests(10)->front().granted == 0);
}

TEST_CASE_METHOD(ledger_fixture, "pruning that failed is tried again with the next wish") {
  lease_requests(1);
  store->is_there = false;
  lease_requests(1, today + std::chrono::days{1});
  store->is_there = true;
  CHECK(store->pruned.size() == 1);
  lease_requests(1, today + std::chrono::days{1});
  CHECK(store->pruned.size() == 2);
}

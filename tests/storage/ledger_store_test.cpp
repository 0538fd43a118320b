#include "storage/ledger_store.hpp"

#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

namespace gateway {

namespace {

struct opened_twin {
  temporary_directory directory;
  twin<ledger_store> which = GENERATE(from_range(ledger_twins()));
  std::unique_ptr<ledger_store> store = which.open(directory.path());

  lease grant(const std::string& owner, std::uint64_t wanted, std::uint64_t limit,
              const ledger_entry& entry = sample_entry()) const {
    return store->grant(owner, {{entry, wanted, limit}}, sample_expiry()).value().at(0);
  }
  std::uint64_t in_all(const ledger_entry& entry = sample_entry()) const {
    return grant("asker", 0, 0, entry).granted_in_all;
  }
};

} // namespace

TEST_CASE_METHOD(opened_twin, "owners share a limit and never get more than it together") {
  INFO(which.name);
  CHECK(grant("one", 60, 100).granted == 60);
  const auto second = grant("two", 60, 100);
  CHECK(second.granted == 40);
  CHECK(second.granted_in_all == 100);
  CHECK(second.entry == sample_entry());
  CHECK(grant("one", 1, 100).granted == 0);
  CHECK(grant("one", 1, 101).granted == 1);
}

TEST_CASE_METHOD(opened_twin, "a wish for nothing only asks") {
  INFO(which.name);
  CHECK(in_all() == 0);
  grant("one", 7, 100);
  const auto asked = grant("two", 0, 100);
  CHECK(asked.granted == 0);
  CHECK(asked.granted_in_all == 7);
}

TEST_CASE_METHOD(opened_twin, "a limit that falls below what was granted grants nothing and takes nothing away") {
  INFO(which.name);
  grant("one", 80, 100);
  const auto later = grant("one", 10, 50);
  CHECK(later.granted == 0);
  CHECK(later.granted_in_all == 80);
}

TEST_CASE_METHOD(opened_twin, "wishes of one call are granted one after the other") {
  INFO(which.name);
  const auto tokens = sample_entry("key-1", limit_kind::daily_tokens);
  const auto leases =
      store->grant("one", {{sample_entry(), 6, 10}, {tokens, 500, 1000}, {sample_entry(), 6, 10}}, sample_expiry())
          .value();
  REQUIRE(leases.size() == 3);
  CHECK(leases[0].granted == 6);
  CHECK(leases[1].granted == 500);
  CHECK(leases[1].entry == tokens);
  CHECK(leases[2].granted == 4);
  CHECK(leases[2].granted_in_all == 10);
  CHECK(store->grant("one", {}, sample_expiry()).value().empty());
}

TEST_CASE_METHOD(opened_twin, "accounts, kinds and days are counted apart") {
  INFO(which.name);
  grant("one", 10, 10);
  CHECK(grant("one", 5, 10, sample_entry("key-2")).granted == 5);
  CHECK(grant("one", 5, 10, sample_entry("key-1", limit_kind::daily_tokens)).granted == 5);
  CHECK(grant("one", 5, 10, sample_entry("key-1", limit_kind::daily_requests, 1)).granted == 5);
  CHECK(grant("one", 5, 10).granted == 0);
}

TEST_CASE_METHOD(opened_twin, "what is given back can be granted again") {
  INFO(which.name);
  grant("one", 10, 10);
  REQUIRE(store->give_back("one", {{sample_entry(), 4}}, sample_expiry()));
  CHECK(in_all() == 6);
  CHECK(grant("two", 10, 10).granted == 4);
}

TEST_CASE_METHOD(opened_twin, "no more comes back than the owner has") {
  INFO(which.name);
  grant("one", 3, 10);
  grant("two", 5, 10);
  REQUIRE(store->give_back("one", {{sample_entry(), 100}}, sample_expiry()));
  CHECK(in_all() == 5);
  REQUIRE(store->give_back("one", {{sample_entry(), 1}}, sample_expiry()));
  REQUIRE(store->give_back("stranger", {{sample_entry(), std::numeric_limits<std::uint64_t>::max()}}, sample_expiry()));
  CHECK(in_all() == 5);
  REQUIRE(store->give_back("two", {{sample_entry(), 2}, {sample_entry(), 2}, {sample_entry(), 0}}, sample_expiry()));
  CHECK(in_all() == 1);
}

TEST_CASE_METHOD(opened_twin, "scopes are counted apart") {
  INFO(which.name);
  auto of_tenant = sample_entry();
  of_tenant.scope = limit_scope::tenant;
  grant("one", 10, 10);
  CHECK(grant("one", 7, 10, of_tenant).granted == 7);
  CHECK(in_all() == 10);
}

TEST_CASE_METHOD(opened_twin, "pruning forgets what has ended, and of that nothing is granted ever after") {
  INFO(which.name);
  const auto entry = [](int day, limit_kind kind = limit_kind::daily_requests) {
    return sample_entry("key-1", kind, day);
  };
  for (int day = 0; day < 4; ++day) grant("one", 4, 10, entry(day));
  REQUIRE(store->prune(entry(1).ends));
  CHECK(grant("one", 1, 10, entry(0)).granted == 0);
  const auto forgotten = grant("one", 5, 10, entry(1));
  CHECK(forgotten.granted == 0);
  CHECK(forgotten.granted_in_all == 10);
  CHECK(grant("one", 5, 10, entry(2)).granted == 5);
  CHECK(in_all(entry(3)) == 4);
  // Nothing of another kind had been there to be forgotten.
  CHECK(grant("one", 5, 10, entry(1, limit_kind::daily_tokens)).granted == 5);
  REQUIRE(store->prune(entry(0).ends));
  CHECK(grant("one", 5, 10, entry(1)).granted == 0);
}

TEST_CASE_METHOD(opened_twin, "what an instance has is told, and can be lowered, never raised") {
  INFO(which.name);
  const auto tokens = sample_entry("key-1", limit_kind::daily_tokens);
  auto month = sample_entry("acme", limit_kind::budget_per_month);
  month.scope = limit_scope::tenant;
  month.ends += std::chrono::days{20};
  grant("a/shard 0", 7, 100);
  grant("a/shard 1", 5, 100);
  grant("a/shard 0", 500, 1000, tokens);
  grant("a/shard 0", 9, 1000, month);
  grant("b/shard 0", 3, 100);
  grant("a", 1, 100);
  grant("ab/shard 0", 1, 100);
  const auto all = store->grants_of("a").value();
  REQUIRE(all.size() == 4);
  CHECK(all[0] == owned_grant{"a/shard 0", sample_entry(), 7});
  CHECK(all[1] == owned_grant{"a/shard 1", sample_entry(), 5});
  CHECK(all[2] == owned_grant{"a/shard 0", tokens, 500});
  CHECK(all[3] == owned_grant{"a/shard 0", month, 9});
  REQUIRE(
      store->correct({{"a/shard 0", sample_entry(), 2}, {"a/shard 1", sample_entry(), 50}, {"a/shard 0", tokens, 0}}));
  CHECK(in_all() == 2 + 50 + 3 + 1 + 1);
  CHECK(in_all(tokens) == 0);
  CHECK(store->grants_of("a").value().size() == 4);
  CHECK(store->grants_of("stranger").value().empty());
}

TEST_CASE_METHOD(opened_twin, "an entry whose day changed its length spans both") {
  INFO(which.name);
  auto moved = sample_entry();
  moved.begins += std::chrono::hours{5};
  moved.ends += std::chrono::hours{5};
  grant("a/shard 0", 7, 100);
  grant("a/shard 0", 1, 100, moved);
  const auto all = store->grants_of("a").value();
  REQUIRE(all.size() == 1);
  CHECK(all[0].amount == 8);
  CHECK(all[0].entry.begins == sample_entry().begins);
  CHECK(all[0].entry.ends == moved.ends);
}

TEST_CASE_METHOD(opened_twin, "limits beyond a signed number do not overflow") {
  INFO(which.name);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint64_t signed_most = std::numeric_limits<std::int64_t>::max();
  CHECK(grant("one", most, most).granted == signed_most);
  CHECK(grant("two", 1, most).granted == 0);
  CHECK(in_all() == signed_most);
  CHECK(store->check());
}

TEST_CASE("the ledgers agree over any calls, and no limit is ever passed") {
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t end) { return random() % end; };
  temporary_directory directory;
  const auto memory = make_memory_ledger_store();
  const auto sqlite = open_sqlite_ledger_store(directory.file("gateway.db")).value();
  constexpr std::uint64_t limit = 50;
  for (int step = 0; step < 300; ++step) {
    const auto owner = "owner-" + std::to_string(below(3));
    const auto entry = sample_entry("key-" + std::to_string(below(2)), limit_kind{static_cast<std::uint8_t>(below(2))},
                                    static_cast<int>(below(2)));
    if (below(3) == 0) {
      const std::vector<lease_return> returns{{entry, below(20)}};
      REQUIRE(memory->give_back(owner, returns, sample_expiry()));
      REQUIRE(sqlite->give_back(owner, returns, sample_expiry()));
    } else {
      const std::vector<lease_wish> wishes{{entry, below(20), limit}};
      const auto expected = memory->grant(owner, wishes, sample_expiry()).value().at(0);
      const auto actual = sqlite->grant(owner, wishes, sample_expiry()).value().at(0);
      REQUIRE(actual.granted == expected.granted);
      REQUIRE(actual.granted_in_all == expected.granted_in_all);
      REQUIRE(actual.granted_in_all <= limit);
    }
  }
}

} // namespace gateway

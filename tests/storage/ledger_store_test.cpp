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
    return store->grant(owner, {{entry, wanted, limit}}).value().at(0);
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
      store->grant("one", {{sample_entry(), 6, 10}, {tokens, 500, 1000}, {sample_entry(), 6, 10}}).value();
  REQUIRE(leases.size() == 3);
  CHECK(leases[0].granted == 6);
  CHECK(leases[1].granted == 500);
  CHECK(leases[1].entry == tokens);
  CHECK(leases[2].granted == 4);
  CHECK(leases[2].granted_in_all == 10);
  CHECK(store->grant("one", {}).value().empty());
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
  REQUIRE(store->give_back("one", {{sample_entry(), 4}}));
  CHECK(in_all() == 6);
  CHECK(grant("two", 10, 10).granted == 4);
}

TEST_CASE_METHOD(opened_twin, "no more comes back than the owner has") {
  INFO(which.name);
  grant("one", 3, 10);
  grant("two", 5, 10);
  REQUIRE(store->give_back("one", {{sample_entry(), 100}}));
  CHECK(in_all() == 5);
  REQUIRE(store->give_back("one", {{sample_entry(), 1}}));
  REQUIRE(store->give_back("stranger", {{sample_entry(), std::numeric_limits<std::uint64_t>::max()}}));
  CHECK(in_all() == 5);
  REQUIRE(store->give_back("two", {{sample_entry(), 2}, {sample_entry(), 2}, {sample_entry(), 0}}));
  CHECK(in_all() == 1);
}

TEST_CASE_METHOD(opened_twin, "pruning forgets the days before and keeps the day itself") {
  INFO(which.name);
  for (int day = 0; day < 4; ++day) grant("one", 10, 10, sample_entry("key-1", limit_kind::daily_requests, day));
  REQUIRE(store->prune(sample_entry().day + std::chrono::days{2}));
  CHECK(in_all(sample_entry("key-1", limit_kind::daily_requests, 0)) == 0);
  CHECK(in_all(sample_entry("key-1", limit_kind::daily_requests, 1)) == 0);
  CHECK(in_all(sample_entry("key-1", limit_kind::daily_requests, 2)) == 10);
  CHECK(in_all(sample_entry("key-1", limit_kind::daily_requests, 3)) == 10);
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
      REQUIRE(memory->give_back(owner, returns));
      REQUIRE(sqlite->give_back(owner, returns));
    } else {
      const std::vector<lease_wish> wishes{{entry, below(20), limit}};
      const auto expected = memory->grant(owner, wishes).value().at(0);
      const auto actual = sqlite->grant(owner, wishes).value().at(0);
      REQUIRE(actual.granted == expected.granted);
      REQUIRE(actual.granted_in_all == expected.granted_in_all);
      REQUIRE(actual.granted_in_all <= limit);
    }
  }
}

} // namespace gateway

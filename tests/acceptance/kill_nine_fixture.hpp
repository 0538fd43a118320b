#pragma once

#include "storage/ledger_store.hpp"
#include "tests/acceptance/kill_sums.hpp"
#include "tests/acceptance/load_until_killed.hpp"
#include "tests/acceptance/program_fixture.hpp"

#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

using amounts_by_account = std::map<std::pair<std::string, limit_kind>, std::uint64_t>;

/// A gateway before an upstream that has a price, which is killed under load and started again. What is recorded and
/// charged then must agree with what upstream, callers and limits know.
class kill_nine_fixture : public program_fixture {
 public:
  explicit kill_nine_fixture(const std::string& durability);

  /// Load on two keys that live through all rounds and on three new ones that will reach their limits; the end at a
  /// random moment; the start, and all checks.
  void round(std::size_t number);
  /// Stops it as one should: what is leased then is what was spent, to the last token.
  void finish();

  const kill_sums& sums() const { return sums_; }

 private:
  static constexpr std::size_t shards = 2;
  inline static const std::vector<std::string> tenants{"acme", "globex"};

  void make_key(const std::string& tenant, nlohmann::json fields);
  std::vector<load_until_killed::caller> callers(std::size_t round) const;
  void wait_for_a_moment(load_until_killed& load);
  void read_records();
  void add_up();
  void check_reached();
  void check_answers();
  void check_leases(const std::vector<owned_grant>& left);
  void check_limits(const nlohmann::json& key);
  void check_chain() const;

  noting_upstream provider_;
  std::vector<nlohmann::json> keys_;
  std::map<std::string, load_until_killed::told> answers_;
  std::map<std::string, nlohmann::json> records_; ///< By the request's id.
  amounts_by_account charged_;                    ///< By the records.
  std::mt19937 random_{std::random_device{}()};
  kill_sums sums_;
};

} // namespace gateway

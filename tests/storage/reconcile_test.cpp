#include "storage/reconcile.hpp"

#include "tests/storage/samples.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr auto requests = static_cast<std::size_t>(limit_kind::daily_requests);
constexpr auto tokens = static_cast<std::size_t>(limit_kind::daily_tokens);
constexpr auto day_budget = static_cast<std::size_t>(limit_kind::budget_per_day);

ledger_entry tenant_entry(limit_kind kind) {
  auto entry = sample_entry("acme", kind);
  entry.scope = limit_scope::tenant;
  return entry;
}

/// A gateway `a` that ended as in a crash, and what it wrote down before.
struct crashed {
  std::unique_ptr<audit_store> audit = make_memory_audit_store();
  std::unique_ptr<ledger_store> ledger = make_memory_ledger_store();

  void grant(const std::string& owner, std::uint64_t amount, const ledger_entry& entry = sample_entry()) const {
    REQUIRE(ledger->grant(owner, {{entry, amount, 1'000'000}}, sample_expiry()));
  }
  std::uint64_t granted(const ledger_entry& entry = sample_entry()) const {
    return ledger->grant("asker", {{entry, 0, 0}}, sample_expiry()).value().at(0).granted_in_all;
  }
  /// A request of `key-1` of `acme` that used 46 tokens.
  void record(int number, micro_dollars cost = 0, timestamp at = sample_moment(), bool counted = true) const {
    auto record = sample_record(number);
    record.created_at = at;
    record.cost = cost;
    record.counted = counted;
    REQUIRE(audit->append({record}));
  }
  reconciled run(timestamp complete_from = timestamp::min()) const {
    return reconcile(*audit, *ledger, "a", complete_from).value();
  }
};

} // namespace

TEST_CASE_METHOD(crashed, "what was leased and not used comes back, of every kind, for key and tenant") {
  grant("a/shard 0", 8);
  grant("a/shard 0", 1000, sample_entry("key-1", limit_kind::daily_tokens));
  grant("a/shard 0", 900, tenant_entry(limit_kind::budget_per_day));
  grant("a/shard 0", 20, tenant_entry(limit_kind::daily_requests));
  for (int i = 0; i < 3; ++i) record(i, 100);
  const auto back = run();
  CHECK(granted() == 3);
  CHECK(granted(sample_entry("key-1", limit_kind::daily_tokens)) == 3 * 46);
  CHECK(granted(tenant_entry(limit_kind::budget_per_day)) == 300);
  CHECK(granted(tenant_entry(limit_kind::daily_requests)) == 3);
  CHECK(back[requests] == 5 + 17);
  CHECK(back[tokens] == 1000 - 138);
  CHECK(back[day_budget] == 600);
  CHECK(run() == reconciled{});
}

TEST_CASE_METHOD(crashed, "only what was counted in its day is taken for used") {
  grant("a/shard 0", 50);
  const auto entry = sample_entry();
  record(1);
  record(2, 0, sample_moment(), false);
  record(3, 0, entry.ends);
  record(4, 0, entry.ends - 1ms);
  record(5, 0, entry.begins - 1h);
  auto other = sample_record(6);
  other.key_id = "key-2";
  other.counted = true;
  REQUIRE(audit->append({other}));
  run();
  CHECK(granted() == 2);
}

TEST_CASE_METHOD(crashed, "a request that began just before its day may have been counted in it") {
  grant("a/shard 0", 50);
  record(1, 0, sample_entry().begins - 1min);
  run();
  CHECK(granted() == 1);
}

TEST_CASE_METHOD(crashed, "more than was leased is never taken, and what others have stays theirs") {
  grant("a/shard 0", 2);
  grant("a/shard 1", 2);
  grant("b/shard 0", 7);
  for (int i = 0; i < 3; ++i) record(i);
  CHECK(run()[requests] == 1);
  CHECK(granted() == 3 + 7);
  for (int i = 3; i < 20; ++i) record(i);
  CHECK(run()[requests] == 0);
  CHECK(granted() == 3 + 7);
}

TEST_CASE_METHOD(crashed, "a day whose records may be gone is left alone") {
  grant("a/shard 0", 8);
  grant("a/shard 0", 8, sample_entry("key-1", limit_kind::daily_requests, 1));
  run(sample_entry().begins + 1ms);
  CHECK(granted() == 8);
  CHECK(granted(sample_entry("key-1", limit_kind::daily_requests, 1)) == 0);
}

namespace {

/// An audit log that nobody may read.
class unread_log final : public audit_store {
 public:
  result<audit_page> read(const audit_query&) override { return refusal(); }
  result<usage_rows> usage(const usage_query&) override { return refusal(); }
  using audit_store::append;
  result<void> append(encoded_records) override { return refusal(); }
  result<std::vector<std::string_view>> missing(encoded_records) override { return refusal(); }
  result<void> visit_counted(timestamp, const std::function<void(const audit_record&)>&) override { return refusal(); }
  result<bool> trim(const audit_retention&, timestamp) override { return refusal(); }
  result<void> check() override { return refusal(); }

 private:
  static tl::unexpected<failure> refusal() { return tl::unexpected(unavailable("it is not to be read")); }
};

} // namespace

TEST_CASE_METHOD(crashed, "after a clean stop the audit log is not read, and one that fails gives nothing back") {
  unread_log unread;
  grant("b/shard 0", 7);
  CHECK(reconcile(unread, *ledger, "a", timestamp::min()).value() == reconciled{});
  grant("a/shard 0", 7);
  CHECK(reconcile(unread, *ledger, "a", timestamp::min()).error().code == ec::dependency_unavailable);
  CHECK(granted() == 14);
}

TEST_CASE_METHOD(crashed,
                 "what the recovery charged to an interrupted request counts, although the rest was given back") {
  const auto tokens_of_key = sample_entry("key-1", limit_kind::daily_tokens);
  grant("a/shard 0", 100, tokens_of_key);
  REQUIRE(ledger->give_back("a/shard 0", {{tokens_of_key, 54}}, sample_expiry()));
  record(1);
  auto interrupted = sample_record(2);
  interrupted.counted = true;
  interrupted.error_code = to_string(ec::interrupted);
  REQUIRE(audit->append({interrupted}));
  for (int i = 0; i < 3; ++i) {
    CHECK(run() == reconciled{});
    CHECK(granted(tokens_of_key) == 2 * 46);
  }
}

TEST_CASE_METHOD(crashed, "what was used beyond the limits stays as it was charged when nothing was interrupted") {
  const auto tokens_of_key = sample_entry("key-1", limit_kind::daily_tokens);
  grant("a/shard 0", 60, tokens_of_key);
  for (int i = 0; i < 3; ++i) record(i);
  CHECK(run() == reconciled{});
  CHECK(granted(tokens_of_key) == 60);
}

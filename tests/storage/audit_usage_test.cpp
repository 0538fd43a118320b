#include "storage/usage_sums.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace gateway {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

struct opened_twin {
  temporary_directory directory;
  twin<audit_store> which = GENERATE(from_range(audit_twins()));
  std::unique_ptr<audit_store> store = which.open(directory.path());
};

audit_record used(int number, const std::string& tenant_id, milliseconds later = {}) {
  auto record = sample_record(number, tenant_id);
  record.created_at = sample_moment(later);
  record.usage = {10, 5, 4, 3};
  record.cost = 7;
  return record;
}

usage_query by(std::vector<usage_group> groups) {
  usage_query query;
  query.group_by = std::move(groups);
  return query;
}

usage_row sum_of(std::uint64_t requests) {
  usage_row row;
  row.requests = requests;
  row.usage = {10 * requests, 5 * requests, 4 * requests, 3 * requests};
  row.cost = 7 * requests;
  return row;
}

} // namespace

TEST_CASE_METHOD(opened_twin, "a log without records has used nothing") {
  INFO(which.name);
  CHECK(store->usage({}).value() == usage_rows{usage_row{}});
  CHECK(store->usage(by({usage_group::model})).value().empty());
}

TEST_CASE_METHOD(opened_twin, "usage is summed up over batches, and by what is asked for") {
  INFO(which.name);
  auto other_model = used(2, "acme");
  other_model.model = "echo";
  auto other_key = used(3, "acme");
  other_key.key_id = "key-2";
  other_key.upstream = "azure";
  REQUIRE(store->append({used(1, "acme"), other_model}));
  REQUIRE(store->append({other_key, used(4, "other"), used(5, "acme", hours{24})}));
  CHECK(store->usage({}).value() == usage_rows{sum_of(5)});

  auto acme = sum_of(4);
  acme.tenant_id = "acme";
  auto other = sum_of(1);
  other.tenant_id = "other";
  CHECK(store->usage(by({usage_group::tenant_id})).value() == usage_rows{acme, other});

  auto today = sum_of(4);
  today.day = "2026-11-23";
  auto tomorrow = sum_of(1);
  tomorrow.day = "2026-11-24";
  CHECK(store->usage(by({usage_group::day})).value() == usage_rows{today, tomorrow});

  auto first = sum_of(1);
  first.key_id = "key-1";
  first.model = "echo";
  first.upstream = "openai";
  auto second = first;
  second = sum_of(3);
  second.key_id = "key-1";
  second.model = "gpt-4o-mini";
  second.upstream = "openai";
  auto third = sum_of(1);
  third.key_id = "key-2";
  third.model = "gpt-4o-mini";
  third.upstream = "azure";
  const auto rows = store->usage(by({usage_group::upstream, usage_group::model, usage_group::key_id})).value();
  CHECK(rows == usage_rows{first, second, third});
}

TEST_CASE_METHOD(opened_twin, "usage of one tenant, of one key, and of whole hours") {
  INFO(which.name);
  auto other_key = used(3, "acme", hours{2});
  other_key.key_id = "key-2";
  REQUIRE(store->append({used(1, "acme"), used(2, "acme", hours{1}), other_key, used(4, "other")}));
  usage_query query;
  SECTION("a tenant") {
    query.tenant_id = "acme";
    CHECK(store->usage(query).value() == usage_rows{sum_of(3)});
  }
  SECTION("a key") {
    query.key_id = "key-2";
    CHECK(store->usage(query).value() == usage_rows{sum_of(1)});
  }
  SECTION("from the beginning of an hour on") {
    query.from = sample_moment(hours{1} + milliseconds{1000});
    CHECK(store->usage(query).value() == usage_rows{sum_of(2)});
  }
  SECTION("to before the beginning of an hour") {
    query.to = sample_moment(hours{1} + milliseconds{1000});
    CHECK(store->usage(query).value() == usage_rows{sum_of(2)});
  }
  SECTION("moments that no calendar holds") {
    query.from = timestamp::min();
    query.to = timestamp::max();
    CHECK(store->usage(query).value() == usage_rows{sum_of(4)});
  }
}

TEST_CASE_METHOD(opened_twin, "every caller's request counts, an error as one too, an operator's change does not") {
  INFO(which.name);
  auto refused = used(1, "acme");
  refused.error_code = "PLATFORM_QUOTA_EXCEEDED";
  auto change = used(2, "acme");
  change.admin = "ops";
  REQUIRE(store->append({refused, change, used(3, "acme")}));
  auto expected = sum_of(2);
  expected.errors = 1;
  CHECK(store->usage({}).value() == usage_rows{expected});
}

TEST_CASE_METHOD(opened_twin, "names of models that callers made up do not fill the sums") {
  INFO(which.name);
  auto unknown = used(1, "acme");
  unknown.model = "no-such-model";
  unknown.status = 404;
  unknown.attempts = 0;
  auto upstreams_own = used(2, "acme");
  upstreams_own.status = 404;
  REQUIRE(store->append({unknown, upstreams_own}));
  const auto rows = store->usage(by({usage_group::model})).value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].model.empty());
  CHECK(rows[1].model == "gpt-4o-mini");
}

TEST_CASE_METHOD(opened_twin, "sums that are too large stop at the largest, and records are taken all the same") {
  INFO(which.name);
  auto huge = used(1, "acme");
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  huge.usage = {max, max, max, max};
  huge.cost = max;
  auto more = huge;
  more.id = sample_record(2).id;
  auto yet_more = huge;
  yet_more.id = sample_record(3).id;
  REQUIRE(store->append({huge, more}));
  REQUIRE(store->append({yet_more}));
  REQUIRE(store->append({used(4, "acme")}));
  const auto sum = store->usage({}).value().at(0);
  CHECK(sum.requests == 4);
  CHECK(sum.cost == usage_count::most);
  CHECK(sum.usage.prompt_tokens == usage_count::most);
}

} // namespace gateway

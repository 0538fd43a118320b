#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

namespace gateway {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;

struct opened_twin {
  temporary_directory directory;
  twin<audit_store> which = GENERATE(from_range(audit_twins()));
  std::unique_ptr<audit_store> store = which.open(directory.path());

  int trim(const audit_retention& keep, timestamp now) const {
    int steps = 0;
    while (store->trim(keep, now).value()) ++steps;
    return steps;
  }
  std::vector<audit_row> rows() const {
    audit_query query;
    query.limit = 1000;
    return store->read(query).value().rows;
  }
};

constexpr audit_retention ten_days{.days = 10, .max_bytes = 0};

} // namespace

TEST_CASE_METHOD(opened_twin, "nothing goes that is not to go") {
  INFO(which.name);
  CHECK(trim(ten_days, sample_moment()) == 0);
  REQUIRE(store->append(sample_records(0, 1500)));
  CHECK(trim({}, sample_moment(days{10'000})) == 0);
  CHECK(trim(ten_days, sample_moment(days{10})) == 0);
  CHECK(trim({.days = 0, .max_bytes = 1'000'000'000}, sample_moment(days{10'000})) == 0);
  CHECK(rows().front().sequence == 1500);
}

TEST_CASE_METHOD(opened_twin, "records go when they are too old, in small steps, and the others keep their numbers") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 5000)));
  CHECK(trim(ten_days, sample_moment(days{10} + milliseconds{4990})) >= 4);
  const auto left = rows();
  REQUIRE(left.size() == 10);
  CHECK(left.front() == audit_row{5000, sample_record(4999)});
  CHECK(left.back() == audit_row{4991, sample_record(4990)});
  audit_query of_tenant;
  of_tenant.tenant_id = "acme";
  CHECK(store->read(of_tenant).value().rows.size() == 10);
}

TEST_CASE_METHOD(opened_twin, "numbers go on after everything was deleted, and after that again") {
  INFO(which.name);
  for (int round = 0; round < 4; ++round) {
    const auto from = round * 700;
    REQUIRE(store->append(sample_records(from, from + 700)));
    trim(ten_days, sample_moment(days{20}));
    CHECK(rows().empty());
  }
  REQUIRE(store->append({sample_record(9000)}));
  CHECK(rows() == std::vector{audit_row{2801, sample_record(9000)}});
}

TEST_CASE_METHOD(opened_twin, "records go in their order: one that is not old keeps those after it") {
  INFO(which.name);
  auto young = sample_record(2);
  young.created_at = sample_moment(days{15});
  REQUIRE(store->append({sample_record(1), young, sample_record(3)}));
  trim(ten_days, sample_moment(days{20}));
  CHECK(rows().size() == 2);
  trim(ten_days, sample_moment(days{26}));
  CHECK(rows().empty());
}

TEST_CASE_METHOD(opened_twin, "the oldest go when the log is too large, and no more than has to") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 5000)));
  const audit_retention small{.days = 0, .max_bytes = 600'000};
  CHECK(trim(small, sample_moment()) > 0);
  const auto left = rows();
  REQUIRE(left.size() > 100);
  CHECK(left.front().sequence == 5000);
  CHECK(trim(small, sample_moment()) == 0);
}

TEST_CASE_METHOD(opened_twin, "sums of usage outlive the records that they are of") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 30)));
  const auto before = store->usage({}).value();
  trim(ten_days, sample_moment(days{20}));
  REQUIRE(rows().empty());
  CHECK(before.at(0).requests == 30);
  CHECK(store->usage({}).value() == before);
}

} // namespace gateway

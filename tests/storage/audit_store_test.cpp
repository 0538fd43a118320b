#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace gateway {

namespace {

struct opened_twin {
  temporary_directory directory;
  twin<audit_store> which = GENERATE(from_range(audit_twins()));
  std::unique_ptr<audit_store> store = which.open(directory.path());

  std::vector<audit_record> read(const std::string& tenant_id = "acme") const {
    audit_query query;
    query.tenant_id = tenant_id;
    query.limit = 1000;
    std::vector<audit_record> records;
    auto page = store->read(query);
    for (auto& row : page.value().rows) records.push_back(std::move(row.record));
    return records;
  }
};

} // namespace

TEST_CASE_METHOD(opened_twin, "a record comes back as it was written") {
  INFO(which.name);
  auto record = sample_record(1);
  SECTION("of an answer") {}
  SECTION("of a stream") {
    record.stream = true;
    record.ttft_ms = 0;
    record.source = usage_source::estimated;
  }
  SECTION("of a refusal before anybody was recognised") {
    record = {};
    record.id = "b8f7f0a2-3c8f-4a53-9d7e-0d9b6f6f0d55";
    record.tenant_id = "acme";
    record.created_at = sample_moment();
    record.status = 401;
    record.error_code = "PLATFORM_AUTH_INVALID_API_KEY";
  }
  SECTION("with the largest numbers and any bytes") {
    record.usage = {std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max() - 1};
    record.latency_ms = std::numeric_limits<std::uint32_t>::max();
    record.ttft_ms = std::numeric_limits<std::uint32_t>::max();
    record.attempts = std::numeric_limits<std::uint32_t>::max();
    record.status = -1;
    record.model = std::string("'; DROP TABLE audit_records; --") + '\0' + "\xff\xc3\xa9";
  }
  REQUIRE(store->append({record}));
  CHECK(read() == std::vector{record});
}

TEST_CASE_METHOD(opened_twin, "the newest record is the one appended last, whatever its moment") {
  INFO(which.name);
  REQUIRE(store->append({sample_record(5), sample_record(3)}));
  REQUIRE(store->append(std::vector<audit_record>()));
  REQUIRE(store->append({sample_record(4)}));
  CHECK(read() == std::vector{sample_record(4), sample_record(3), sample_record(5)});
}

TEST_CASE_METHOD(opened_twin, "whoever cannot tell is told which records are missing, each once, in their order") {
  INFO(which.name);
  const auto count = GENERATE(2, 3000);
  REQUIRE(store->append(sample_records(0, count)));
  auto later = sample_record(1);
  later.created_at += std::chrono::milliseconds{1};
  auto other = sample_record(1);
  other.id += "x";
  std::vector<std::string> bytes;
  for (const auto& each : {sample_record(count), sample_record(0), later, sample_record(count),
                           sample_record(count - 1), other, sample_record(1), sample_record(count + 1)})
    encode(each, bytes.emplace_back());
  const std::vector<std::string_view> asked(bytes.begin(), bytes.end());
  const std::vector<std::string_view> expected{asked[0], asked[2], asked[5], asked[7]};
  CHECK(store->missing(encoded_records(asked)).value() == expected);
  CHECK(store->missing({}).value().empty());
  REQUIRE(store->append(encoded_records(expected)));
  CHECK(store->missing(encoded_records(asked)).value().empty());
}

TEST_CASE_METHOD(opened_twin, "an empty log has an empty page") {
  INFO(which.name);
  const auto page = store->read({}).value();
  CHECK(page.rows.empty());
  CHECK_FALSE(page.next);
  CHECK(store->check());
}

TEST_CASE_METHOD(opened_twin, "a tenant sees its own records, and no tenant means all") {
  INFO(which.name);
  REQUIRE(store->append({sample_record(1, "acme"), sample_record(2, "other"), sample_record(3, "")}));
  CHECK(read("acme") == std::vector{sample_record(1, "acme")});
  CHECK(read("other") == std::vector{sample_record(2, "other")});
  CHECK(read("").size() == 3);
  CHECK(read("acm").empty());
}

TEST_CASE_METHOD(opened_twin, "a batch of thousands is appended whole") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 5000)));
  REQUIRE(store->append({sample_record(5000)}));
  const auto newest = read();
  REQUIRE(newest.size() == 1000);
  CHECK(newest.front() == sample_record(5000));
  CHECK(newest.back() == sample_record(4001));
}

} // namespace gateway

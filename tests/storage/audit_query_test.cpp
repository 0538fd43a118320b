#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

namespace gateway {

namespace {

using std::chrono::milliseconds;

struct opened_twin {
  temporary_directory directory;
  twin<audit_store> which = GENERATE(from_range(audit_twins()));
  std::unique_ptr<audit_store> store = which.open(directory.path());
};

audit_query query_of(const std::string& tenant_id) {
  audit_query query;
  query.tenant_id = tenant_id;
  return query;
}

std::vector<std::string> requests_of(const audit_page& page) {
  std::vector<std::string> ids;
  ids.reserve(page.rows.size());
  for (const auto& row : page.rows) ids.push_back(row.record.request_id);
  return ids;
}

using names = std::vector<std::string>;

// A log that is long enough to have full segments, and one that is not yet full.
std::vector<audit_record> make_log(std::mt19937& random, int length) {
  std::vector<audit_record> log;
  for (int number = 0; number < length; ++number) {
    auto record = sample_record(number, "tenant-" + std::to_string(random() % 3));
    record.created_at = sample_moment(milliseconds{number + static_cast<int>(random() % 40)});
    record.key_id = "key-" + std::to_string(random() % 4);
    record.status = random() % 10 == 0 ? 429 : 200;
    record.model = random() % 5 == 0 ? "echo" : "gpt-4o-mini";
    log.push_back(record);
  }
  return log;
}

audit_query make_query(std::mt19937& random, const std::vector<audit_record>& log) {
  const auto moment = [&] { return log[random() % log.size()].created_at; };
  audit_query query;
  if (random() % 8 != 0) query.tenant_id = "tenant-" + std::to_string(random() % 4);
  if (random() % 2 == 0) query.from = moment();
  if (random() % 2 == 0) query.to = moment();
  if (random() % 4 == 0) query.key_id = "key-" + std::to_string(random() % 4);
  if (random() % 4 == 0) query.status = 429;
  if (random() % 4 == 0) query.model = "echo";
  if (random() % 8 == 0) query.request_id = log[random() % log.size()].request_id;
  query.limit = static_cast<std::uint32_t>(1 + random() % 200);
  return query;
}

} // namespace

TEST_CASE_METHOD(opened_twin, "every filter keeps what it names and nothing else") {
  INFO(which.name);
  auto other_key = sample_record(2);
  other_key.key_id = "key-2";
  auto refused = sample_record(3);
  refused.status = 429;
  auto echoed = sample_record(4);
  echoed.model = "echo";
  REQUIRE(store->append({sample_record(1), other_key, refused, echoed, sample_record(5, "other")}));

  auto query = query_of("acme");
  SECTION("key_id") {
    query.key_id = "key-2";
    CHECK(requests_of(store->read(query).value()) == names{"request-2"});
  }
  SECTION("status") {
    query.status = 429;
    CHECK(requests_of(store->read(query).value()) == names{"request-3"});
  }
  SECTION("model") {
    query.model = "echo";
    CHECK(requests_of(store->read(query).value()) == names{"request-4"});
  }
  SECTION("request_id, of this tenant") {
    query.request_id = "request-1";
    CHECK(requests_of(store->read(query).value()) == names{"request-1"});
    query.request_id = "request-5";
    CHECK(store->read(query).value().rows.empty());
  }
  SECTION("from, inclusive") {
    query.from = sample_moment(milliseconds{3});
    CHECK(requests_of(store->read(query).value()) == names{"request-4", "request-3"});
  }
  SECTION("to, exclusive") {
    query.to = sample_moment(milliseconds{3});
    CHECK(requests_of(store->read(query).value()) == names{"request-2", "request-1"});
  }
  SECTION("moments that no calendar holds") {
    query.from = timestamp::min();
    query.to = timestamp::max();
    CHECK(store->read(query).value().rows.size() == 4);
  }
  SECTION("all together") {
    query.key_id = "key-1";
    query.status = 200;
    query.model = "gpt-4o-mini";
    query.from = sample_moment(milliseconds{1});
    query.to = sample_moment(milliseconds{4});
    CHECK(requests_of(store->read(query).value()) == names{"request-1"});
  }
}

TEST_CASE_METHOD(opened_twin, "a span of one millisecond finds the record of that moment, wherever it stands") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 2100)));
  for (const int number : {0, 1, 1021, 1022, 1023, 1024, 2045, 2046, 2047, 2048, 2099}) {
    auto query = query_of("acme");
    query.from = sample_moment(milliseconds{number});
    query.to = sample_moment(milliseconds{number + 1});
    CHECK(requests_of(store->read(query).value()) == names{"request-" + std::to_string(number)});
  }
}

TEST_CASE_METHOD(opened_twin, "a page says where the next one starts, and the last does not") {
  INFO(which.name);
  for (int number = 0; number < 6; ++number) {
    REQUIRE(store->append({sample_record(number, number % 2 == 0 ? "acme" : "other")}));
  }

  auto query = query_of("acme");
  query.limit = 2;
  const auto first = store->read(query).value();
  CHECK(requests_of(first) == names{"request-4", "request-2"});
  REQUIRE(first.next);
  REQUIRE(store->append({sample_record(6)}));
  query.before = first.next;
  const auto second = store->read(query).value();
  CHECK(requests_of(second) == names{"request-0"});
  CHECK_FALSE(second.next);

  query.limit = 1;
  CHECK_FALSE(store->read(query).value().next);
}

TEST_CASE_METHOD(opened_twin, "cursors and limits out of range do no harm") {
  INFO(which.name);
  REQUIRE(store->append(sample_records(0, 1500)));
  auto query = query_of("acme");
  query.limit = 0;
  CHECK(store->read(query).value().rows.size() == 1);
  query.limit = 5000;
  CHECK(store->read(query).value().rows.size() == 1000);
  query.before = 0;
  CHECK(store->read(query).value().rows.empty());
  query.before = std::numeric_limits<std::uint64_t>::max();
  CHECK(store->read(query).value().rows.size() == 1000);
}

TEST_CASE("the audit logs agree on every page of any query") {
  const auto seed = GENERATE(11U, 12U, 13U);
  std::mt19937 random(seed);
  temporary_directory directory;
  const auto memory = make_memory_audit_store();
  const auto sqlite = open_sqlite_audit_store(directory.file("audit.db")).value();
  const auto log = make_log(random, 4000);
  for (std::size_t from = 0; from < log.size();) {
    const auto to = std::min(log.size(), from + 1 + random() % 700);
    const std::vector<audit_record> batch(log.begin() + static_cast<std::ptrdiff_t>(from),
                                          log.begin() + static_cast<std::ptrdiff_t>(to));
    REQUIRE(memory->append(batch));
    REQUIRE(sqlite->append(batch));
    from = to;
  }
  for (int round = 0; round < 100; ++round) {
    INFO("seed " << seed << ", round " << round);
    auto expected_query = make_query(random, log);
    auto actual_query = expected_query;
    for (bool more = true; more;) {
      const auto expected = memory->read(expected_query).value();
      const auto actual = sqlite->read(actual_query).value();
      REQUIRE(requests_of(actual) == requests_of(expected));
      REQUIRE(actual.next.has_value() == expected.next.has_value());
      more = expected.next.has_value();
      expected_query.before = expected.next;
      actual_query.before = actual.next;
    }
  }
}

} // namespace gateway

#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace gateway {

namespace {

using std::chrono::days;
using std::chrono::minutes;

audit_record make_record(std::mt19937& random, int number) {
  auto record = sample_record(number, "tenant-" + std::to_string(random() % 3));
  record.created_at = sample_moment(minutes{number} + minutes{random() % 40});
  record.key_id = "key-" + std::to_string(random() % 4);
  record.model = random() % 5 == 0 ? "echo" : "gpt-4o-mini";
  record.upstream = random() % 3 == 0 ? "azure" : "openai";
  record.error_code = random() % 7 == 0 ? "UPSTREAM_TIMEOUT" : "";
  record.admin = random() % 20 == 0 ? "ops" : "";
  record.usage = {random() % 1000, random() % 1000, random() % 100, random() % 100};
  record.cost = random() % 10'000;
  record.counted = random() % 4 != 0;
  return record;
}

usage_query make_usage_query(std::mt19937& random, int length) {
  const auto moment = [&] {
    return sample_moment(minutes{static_cast<int>(random() % static_cast<unsigned>(length))});
  };
  usage_query query;
  if (random() % 2 == 0) query.from = moment();
  if (random() % 2 == 0) query.to = moment();
  if (random() % 4 == 0) query.tenant_id = "tenant-" + std::to_string(random() % 4);
  if (random() % 4 == 0) query.key_id = "key-" + std::to_string(random() % 5);
  for (const auto group :
       {usage_group::tenant_id, usage_group::key_id, usage_group::model, usage_group::upstream, usage_group::day})
    if (random() % 3 == 0) query.group_by.push_back(group);
  return query;
}

std::vector<audit_record> counted_in(audit_store& store, timestamp from) {
  std::vector<audit_record> records;
  REQUIRE(store.visit_counted(from, [&](const audit_record& record) { records.push_back(record); }));
  return records;
}

std::vector<audit_row> rows_of(audit_store& store, audit_query query) {
  std::vector<audit_row> rows;
  query.limit = 1000;
  do {
    auto page = store.read(query).value();
    rows.insert(rows.end(), page.rows.begin(), page.rows.end());
    query.before = page.next;
  } while (query.before);
  return rows;
}

} // namespace

TEST_CASE("the audit logs agree on usage, on what counted, and on what is left after trimming") {
  const auto seed = GENERATE(21U, 22U, 23U);
  std::mt19937 random(seed);
  temporary_directory directory;
  const auto memory = make_memory_audit_store();
  const auto sqlite = open_sqlite_audit_store(directory.file("audit.db"), secret("k")).value();
  int number = 0;
  for (int round = 0; round < 30; ++round) {
    INFO("seed " << seed << ", round " << round);
    std::vector<audit_record> batch;
    for (auto size = random() % 600; size > 0; --size) batch.push_back(make_record(random, number++));
    REQUIRE(memory->append(batch));
    REQUIRE(sqlite->append(batch));
    const auto now = sample_moment(minutes{number});
    const audit_retention keep{.days = static_cast<std::uint32_t>(1 + random() % 5), .max_bytes = 0};
    if (random() % 3 == 0) {
      for (auto* store : {memory.get(), sqlite.get()})
        while (store->trim(keep, now).value()) {
        }
    }
    const auto query = make_usage_query(random, number + 1);
    REQUIRE(sqlite->usage(query).value() == memory->usage(query).value());
    const auto from = now - days{random() % 6} - minutes{random() % 1000};
    REQUIRE(counted_in(*sqlite, from) == counted_in(*memory, from));
    audit_query rows;
    if (random() % 2 == 0) rows.tenant_id = "tenant-1";
    if (random() % 4 == 0) rows.from = from;
    if (random() % 4 == 0) rows.request_id = "request-" + std::to_string(random() % static_cast<unsigned>(number + 1));
    REQUIRE(rows_of(*sqlite, rows) == rows_of(*memory, rows));
  }
}

} // namespace gateway

#include "tests/storage/sqlite/tampered_log.hpp"

#include <string>
#include <utility>

namespace gateway {

namespace {

using std::chrono::milliseconds;

} // namespace

TEST_CASE_METHOD(tampered_log, "a record of which any field was changed is found") {
  using change = void (*)(audit_record&);
  const auto change_one = GENERATE(values<change>({[](auto& r) { r.id = "x"; },
                                                   [](auto& r) { r.created_at += milliseconds{1}; },
                                                   [](auto& r) { r.request_id = "x"; },
                                                   [](auto& r) { r.tenant_id = "x"; },
                                                   [](auto& r) { r.key_id = "x"; },
                                                   [](auto& r) { r.endpoint = "x"; },
                                                   [](auto& r) { r.method = "x"; },
                                                   [](auto& r) { r.model = "x"; },
                                                   [](auto& r) { r.upstream = "x"; },
                                                   [](auto& r) { r.upstream_model = "x"; },
                                                   [](auto& r) { r.status = 500; },
                                                   [](auto& r) { r.error_code = "x"; },
                                                   [](auto& r) { r.stream = true; },
                                                   [](auto& r) { r.usage.prompt_tokens = 1; },
                                                   [](auto& r) { r.usage.completion_tokens = 1; },
                                                   [](auto& r) { r.usage.cached_tokens = 1; },
                                                   [](auto& r) { r.usage.reasoning_tokens = 1; },
                                                   [](auto& r) { r.source = usage_source::estimated; },
                                                   [](auto& r) { r.latency_ms = 1; },
                                                   [](auto& r) { r.ttft_ms = 1; },
                                                   [](auto& r) { r.attempts = 2; },
                                                   [](auto& r) { r.cost = 1; },
                                                   [](auto& r) { r.counted = true; },
                                                   [](auto& r) { r.admin = "x"; },
                                                   [](auto& r) { r.change = "x"; }}));
  forger(file).change(1500, change_one);
  const auto found = verdict();
  REQUIRE(found.flaw);
  CHECK(found.flaw->sequence == 1500);
  CHECK(found.flaw->what == "record 1500 is not the one that was written there");
  CHECK(found.records == 1499);
}

TEST_CASE_METHOD(tampered_log, "bytes that are no record any more are found") {
  using forgery = void (*)(forger::items&, std::size_t);
  const auto how = GENERATE(values<forgery>({[](auto& all, auto at) { all[at].bytes.clear(); },
                                             [](auto& all, auto at) { all[at].bytes.pop_back(); },
                                             [](auto& all, auto at) { all[at].bytes += '\0'; },
                                             [](auto& all, auto at) { all[at].bytes = std::string(1000, '\xff'); },
                                             [](auto& all, auto at) { ++all[at].entry.link; }}));
  forger(file).edit(1500, how);
  CHECK(flaw() == "record 1500 is not the one that was written there");
  CHECK(verdict().records == 1499);
}

TEST_CASE_METHOD(tampered_log, "a change of what searches go by is found") {
  const auto* sql = GENERATE("UPDATE audit_blocks SET oldest = oldest - 1", "UPDATE audit_blocks SET newest = 0",
                             "UPDATE audit_blocks SET oldest = newest");
  SECTION("of moments") { tamper(std::string(sql) + " WHERE first = 1025"); }
  SECTION("of the tenant") {
    forger(file).edit(1500, [](auto& all, auto at) { all[at].entry.tenant = 1; });
  }
  SECTION("of the request") {
    forger(file).edit(1500, [](auto& all, auto at) { all[at].entry.request = 1; });
  }
  CHECK(flaw() == "record 1025 begins a block that searches do not find as it was written");
}

TEST_CASE_METHOD(tampered_log, "a block that was cut, filled up or emptied is found") {
  SECTION("its link was changed") {
    tamper("UPDATE audit_blocks SET chain = zeroblob(32) WHERE first = 1025");
    CHECK(flaw() == "record 2048 is not the one that was written there");
    CHECK(verdict().records == 2047);
  }
  SECTION("its link was taken away") {
    tamper("UPDATE audit_blocks SET chain = x'' WHERE first = 1025");
    CHECK(flaw() == "record 2048 is not the one that was written there");
  }
  SECTION("another number of records") {
    tamper("UPDATE audit_blocks SET records = " + std::string(GENERATE("0", "-1", "1023", "1025", "99999999999")) +
           " WHERE first = 1025");
    CHECK_THAT(flaw(), Catch::Contains("record 1025 is"));
  }
  SECTION("no directory") {
    tamper("UPDATE audit_block_records SET directory = x'' WHERE first = 1025");
    CHECK(flaw() == "record 1025 is not the one that was written there");
  }
  SECTION("no records") {
    tamper("UPDATE audit_block_records SET records = x'' WHERE first = 1025");
    CHECK(flaw() == "record 1025 is not the one that was written there");
  }
  SECTION("bytes after the last record") {
    tamper("UPDATE audit_block_records SET records = CAST(records || 'x' AS BLOB) WHERE first = 1025");
    CHECK(flaw() == "record 1025 is not the one that was written there");
  }
}

TEST_CASE_METHOD(tampered_log, "records that were deleted are found, wherever they stood") {
  const auto take_out = [](auto& all, auto at) { all.erase(all.begin() + static_cast<std::ptrdiff_t>(at)); };
  SECTION("in the middle of a block") {
    forger(file).edit(1500, take_out);
    CHECK(flaw() == "record 1500 is not the one that was written there");
  }
  SECTION("at the end of a block") {
    forger(file).edit(2048, take_out);
    CHECK(flaw() == "record 2047 is not the one that was written there");
  }
  SECTION("a block in the middle") {
    tamper("DELETE FROM audit_blocks WHERE first = 1025");
    CHECK(flaw() == "record 1025 is missing");
  }
  SECTION("the records of a block in the middle") {
    tamper("DELETE FROM audit_block_records WHERE first = 1025");
    CHECK(flaw() == "record 1025 is missing");
  }
  SECTION("the oldest") {
    tamper("DELETE FROM audit_blocks WHERE first = 1");
    CHECK(flaw() == "record 1 is missing");
  }
  SECTION("the oldest after what retention has deleted") {
    delete_the_oldest(100);
    tamper("DELETE FROM audit_blocks WHERE first = 101");
    CHECK(flaw() == "record 101 is missing");
  }
  SECTION("the newest") {
    tamper("DELETE FROM audit_blocks WHERE first = 2049");
    CHECK(flaw() == "record 2049 is missing, and so are all after it");
  }
  SECTION("the newest of a block") {
    forger(file).edit(2991, [](auto& all, auto at) { all.resize(at); });
    CHECK(flaw() == "record 2990 is not the one that was written there");
  }
  SECTION("all") {
    tamper("DELETE FROM audit_blocks");
    CHECK(flaw() == "record 1 is missing, and so are all after it");
  }
}

TEST_CASE_METHOD(tampered_log, "records that changed places are found") {
  forger(file).edit(1500, [](auto& all, auto at) { std::swap(all[at], all[at + 1]); });
  CHECK(flaw() == "record 1500 is not the one that was written there");
}

TEST_CASE_METHOD(tampered_log, "blocks that changed places are found") {
  for (const std::string table : {"audit_blocks", "audit_block_records"}) {
    tamper("UPDATE " + table + " SET first = -1 WHERE first = 1025");
    tamper("UPDATE " + table + " SET first = 1025 WHERE first = 1");
    tamper("UPDATE " + table + " SET first = 1 WHERE first = -1");
  }
  CHECK(flaw() == "record 1 is not the one that was written there");
}

TEST_CASE_METHOD(tampered_log, "a copy of a block is found, wherever it was put") {
  forger one(file);
  const auto insert_at = [&](const std::string& number) {
    one.run("INSERT INTO audit_blocks SELECT " + number +
            ", 10, oldest, newest, chain FROM audit_blocks WHERE first = 2049");
    one.run("INSERT INTO audit_block_records SELECT " + number +
            ", substr(directory, 1, 160), records FROM audit_block_records WHERE first = 2049");
  };
  SECTION("after the newest") {
    insert_at("3001");
    CHECK(flaw() == "record 3001 stands after the head of the log");
  }
  SECTION("before the oldest") {
    insert_at("0");
    CHECK(flaw() == "record 0 stands before the beginning of the log");
  }
  SECTION("among those that retention has deleted") {
    delete_the_oldest(100);
    insert_at("50");
    CHECK(flaw() == "record 50 stands before the beginning of the log");
  }
  SECTION("among others") {
    insert_at("1500");
    CHECK(flaw() == "record 1500 stands there twice");
  }
  SECTION("in the place of another") {
    one.run("DELETE FROM audit_blocks WHERE first = 1025");
    one.run("DELETE FROM audit_block_records WHERE first = 1025");
    insert_at("1025");
    CHECK(flaw() == "record 1025 is not the one that was written there");
  }
}

TEST_CASE_METHOD(tampered_log, "a record after the head is found") {
  forger(file).edit(3000, [](auto& all, auto at) { all.push_back(all[at]); });
  CHECK(flaw() == "record 3001 stands after the head of the log");
}

} // namespace gateway

#include "actors/audit_upkeep.hpp"

#include "tests/actors/fakes/audit_store.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;
using std::chrono::days;
using std::chrono::hours;

struct upkeep_fixture {
  std::shared_ptr<audit_store> log = make_memory_audit_store();
  timestamp now = timestamp{} + days{100};

  audit_upkeep make(audit_retention keep) {
    return {log, keep, [this] { return now; }};
  }
  std::size_t kept() { return log->read(everything())->rows.size(); }
};

TEST_CASE_METHOD(upkeep_fixture, "without a bound nothing is ever trimmed") {
  CHECK_FALSE(make({}).is_due());
  CHECK(make({.days = 1, .max_bytes = 0}).is_due());
  CHECK(make({.days = 0, .max_bytes = 1}).is_due());
}

TEST_CASE_METHOD(upkeep_fixture, "old records go in steps with short pauses, then it rests for an hour") {
  REQUIRE(log->append(test::sample_records(3000)));
  auto upkeep = make({.days = 30, .max_bytes = 0});
  int steps = 0;
  while (upkeep.trim() == audit_upkeep::between_steps) ++steps;
  CHECK(steps == 3);
  CHECK(kept() == 0);
  CHECK(upkeep.trim() == hours{1});
}

TEST_CASE_METHOD(upkeep_fixture, "what becomes old goes in a later round") {
  REQUIRE(log->append(test::sample_records(10)));
  auto upkeep = make({.days = 200, .max_bytes = 0});
  CHECK(upkeep.trim() == hours{1});
  CHECK(kept() == 10);
  now += days{101};
  upkeep.trim();
  CHECK(kept() == 0);
}

/// A log that cannot be trimmed now.
class stuck_store : public counting_audit_store {
 public:
  result<bool> trim(const audit_retention&, timestamp) override {
    return tl::unexpected(unavailable("disk I/O error"));
  }
};

TEST_CASE_METHOD(upkeep_fixture, "a log that cannot be trimmed is left alone until the next round") {
  log = std::make_shared<stuck_store>();
  CHECK(make({.days = 1, .max_bytes = 0}).trim() == hours{1});
}

} // namespace
} // namespace gateway

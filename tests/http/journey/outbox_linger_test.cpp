#include "tests/http/journey/outbox_fixture.hpp"

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// An outbox that sends nothing only because time has passed.
struct patient_fixture : outbox_fixture {
  audit_outbox awaited{here, people, {.most = 10, .batch = 3, .linger = std::chrono::hours{1}}};
  audit_outbox hasty{here, people, {.most = 10, .batch = 3, .is_awaited = false, .linger = std::chrono::hours{1}}};
};

TEST_CASE_METHOD(patient_fixture, "the end of a request goes with the next that begins: nobody waits for it") {
  awaited.settle(record_of("1"));
  settle();
  CHECK(script->asked.empty());
  awaited.admit(record_of("2"), {});
  settle();
  CHECK(script->asked == std::vector<ids>{{"1", "2"}});
}

TEST_CASE_METHOD(patient_fixture, "what somebody waits for goes at once, and a full batch too") {
  const auto ticket = awaited.settle(record_of("1"));
  CHECK(run(awaited.wait(ticket, 10s)));
  for (const auto* id : {"2", "3", "4", "5"}) awaited.settle(record_of(id));
  settle();
  CHECK(script->asked == std::vector<ids>{{"1"}, {"2", "3", "4"}});
  CHECK(awaited.size() == 1);
}

TEST_CASE_METHOD(patient_fixture, "where nobody waits for admissions they do not go at once either") {
  hasty.admit(record_of("1"), {});
  settle();
  CHECK(script->asked.empty());
  CHECK(run(hasty.flush(10s)));
  CHECK(script->asked == std::vector<ids>{{"1"}});
}

TEST_CASE_METHOD(outbox_fixture, "the end of a request goes after a moment when nothing else takes it along") {
  outbox.settle(record_of("1"));
  run_until([&] { return outbox.size() == 0; });
  CHECK(outbox.records() == 1);
}

} // namespace
} // namespace gateway

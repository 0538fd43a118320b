#include "http/journey/audit_outbox.hpp"

#include "tests/http/journey/outbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE_METHOD(outbox_fixture,
                 "what is recorded in one turn goes to AUDIT together, and leaves once it is committed") {
  script->holds = true;
  add("1");
  add("2");
  CHECK(script->asked.empty());
  settle();
  CHECK(script->asked == std::vector<ids>{{"1", "2"}});
  CHECK(outbox.size() == 2);
  answer();
  CHECK(outbox.size() == 0);
}

TEST_CASE_METHOD(outbox_fixture,
                 "records go in order, a batch at a time, and the next when the one before is committed") {
  script->holds = true;
  for (const auto* id : {"1", "2", "3"}) add(id);
  settle();
  CHECK(script->asked == std::vector<ids>{{"1", "2"}});
  add("4");
  add("5");
  settle();
  CHECK(script->asked.size() == 1);
  answer();
  CHECK(script->asked.back() == ids{"3", "4"});
  answer();
  CHECK(script->asked.back() == ids{"5"});
  answer();
  CHECK(outbox.size() == 0);
  add("6");
  settle();
  CHECK(script->asked.back() == ids{"6"});
}

TEST_CASE_METHOD(outbox_fixture, "it is full at its bound, until a batch is committed") {
  script->holds = true;
  for (const auto* id : {"1", "2", "3"}) add(id);
  CHECK_FALSE(outbox.full());
  add("4");
  CHECK(outbox.full());
  settle();
  CHECK(outbox.full());
  answer();
  CHECK_FALSE(outbox.full());
}

TEST_CASE_METHOD(outbox_fixture, "what AUDIT refused is offered again, in the same order, and nothing overtakes it") {
  script->refusals = 2;
  add("1");
  settle();
  CHECK(script->asked.size() == 1);
  add("2");
  add("3");
  run_until([&] { return outbox.size() == 0; });
  CHECK(script->asked == std::vector<ids>{{"1"}, {"1"}, {"1"}, {"2", "3"}});
  const auto& marks = script->marks;
  CHECK(marks[0] == marks[1]);
  CHECK(marks[1] == marks[2]);
  CHECK(marks[3] == batch_mark{marks[0].source, marks[0].number + 1});
}

TEST_CASE_METHOD(outbox_fixture,
                 "it fails from the first refusal of AUDIT to the next commit, and not when nothing waits") {
  CHECK_FALSE(outbox.failing());
  script->refusals = 2;
  add("1");
  CHECK_FALSE(outbox.failing());
  settle();
  CHECK(outbox.failing());
  run_until([&] { return script->asked.size() == 2; });
  CHECK(outbox.failing());
  run_until([&] { return outbox.size() == 0; });
  CHECK_FALSE(outbox.failing());
}

TEST_CASE_METHOD(outbox_fixture, "an admission and its end reach AUDIT in that order, with what is held") {
  const auto record = record_of("1");
  const auto ticket = outbox.admit(record, {500, 7000});
  CHECK_FALSE(outbox.is_committed(ticket));
  CHECK(run(outbox.wait(ticket, 10s)));
  outbox.settle(record);
  CHECK(outbox.is_committed(ticket));
  run_until([&] { return outbox.size() == 0; });
  const std::vector<audit_entry> expected{{audit_entry::phase::admitted, record, {500, 7000}},
                                          {audit_entry::phase::settled, record, {}}};
  CHECK(script->entries == expected);
}

TEST_CASE_METHOD(outbox_fixture, "a wait ends with its entry's commit, and with the time when AUDIT refuses") {
  script->refusals = 1'000'000;
  const auto ticket = outbox.admit(record_of("1"), {});
  CHECK_FALSE(run(outbox.wait(ticket, 1ms)));
  script->refusals = 0;
  CHECK(run(outbox.wait(ticket, 10s)));
}

TEST_CASE_METHOD(outbox_fixture, "what was with AUDIT when it died is offered to the next one") {
  script->holds = true;
  add("1");
  settle();
  kill(log);
  settle();
  CHECK(outbox.size() == 1);
  script->holds = false;
  hire();
  run_until([&] { return outbox.size() == 0; });
  CHECK(script->asked == std::vector<ids>{{"1"}, {"1"}});
}

TEST_CASE_METHOD(outbox_fixture, "records wait while there is no AUDIT at all") {
  people = std::make_shared<const roster>();
  add("1");
  settle();
  CHECK(outbox.size() == 1);
  hire();
  run_until([&] { return outbox.size() == 0; });
  CHECK(script->asked == std::vector<ids>{{"1"}});
}

TEST_CASE_METHOD(outbox_fixture, "with nothing in it a flush is done at once") {
  CHECK(run(outbox.flush(0ms)));
  add("1");
  run_until([&] { return outbox.size() == 0; });
  CHECK(run(outbox.flush(0ms)));
}

task<void> flush_into(audit_outbox& outbox, std::optional<bool>& done) { done = co_await outbox.flush(10s); }

TEST_CASE_METHOD(outbox_fixture, "a flush waits for what is in it now, and not for what comes later") {
  script->holds = true;
  for (const auto* id : {"1", "2", "3"}) add(id);
  std::optional<bool> done;
  start(flush_into(outbox, done));
  settle();
  add("4");
  add("5");
  answer();
  CHECK_FALSE(done);
  answer();
  CHECK(done == true);
  CHECK(outbox.size() == 1);
  answer();
}

TEST_CASE_METHOD(outbox_fixture, "a flush that takes too long says so, and the records stay") {
  script->holds = true;
  add("1");
  CHECK_FALSE(run(outbox.flush(1ms)));
  CHECK(outbox.size() == 1);
  answer();
  CHECK(outbox.size() == 0);
}

} // namespace
} // namespace gateway

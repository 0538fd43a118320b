#include "http/journey/audit_outbox.hpp"

#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"
#include "tests/http/worker_fixture.hpp"
#include "tests/storage/batches.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ids = std::vector<std::string>;

/// AUDIT as the test wants it.
struct log_script {
  std::vector<ids> asked;   ///< The records of each message, also of those that were refused.
  std::vector<audit_entry> entries; ///< All of them, in order.
  std::vector<batch_mark> marks;    ///< Of each message.
  bool holds = false;       ///< Its answer waits for the test.
  std::size_t refusals = 0; ///< So many more are refused.
  std::deque<held_answer> open;
};

caf::behavior fake_audit(caf::event_based_actor* self, std::shared_ptr<log_script> script) {
  return {[self, script](record_atom, const audit_batch_ptr& batch) -> caf::result<void> {
    const auto entries = entries_of(*batch);
    script->marks.push_back(batch->mark());
    ids seen;
    for (const auto& each : entries) seen.push_back(each.record.id);
    script->asked.push_back(std::move(seen));
    script->entries.insert(script->entries.end(), entries.begin(), entries.end());
    if (script->holds) {
      script->open.emplace_back(self);
      return script->open.back().promise();
    }
    if (script->refusals == 0) return caf::unit;
    --script->refusals;
    return to_error(unavailable("disk full"));
  }};
}

struct outbox_fixture : worker_fixture {
  outbox_fixture() { hire(); }
  ~outbox_fixture() { end_everybody(); }

  /// A new AUDIT in the roster.
  void hire() {
    log = keep(system.spawn(fake_audit, script));
    auto now = std::make_shared<roster>();
    now->audit = caf::actor_cast<audit_actor>(log);
    people = now;
  }

  static audit_record record_of(const std::string& id) {
    audit_record record;
    record.id = id;
    return record;
  }

  void add(const std::string& id) { outbox.admit(record_of(id), {}); }

  void answer() {
    REQUIRE_FALSE(script->open.empty());
    script->open.front().give(caf::unit);
    script->open.pop_front();
    settle();
  }

  std::shared_ptr<log_script> script = std::make_shared<log_script>();
  caf::actor log;
  roster_ptr people;
  audit_outbox outbox{here, people, {.most = 4, .batch = 2}};
};

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
  CHECK(script->asked == std::vector<ids>{{"1"}, {"2", "3", "4"}, {"5"}});
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

#pragma once

#include "http/journey/audit_outbox.hpp"
#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"
#include "tests/http/worker_fixture.hpp"
#include "tests/storage/batches.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

using ids = std::vector<std::string>;

/// AUDIT as the test wants it.
struct log_script {
  std::vector<ids> asked;           ///< The records of each message, also of those that were refused.
  std::vector<audit_entry> entries; ///< All of them, in order.
  std::vector<batch_mark> marks;    ///< Of each message.
  bool holds = false;               ///< Its answer waits for the test.
  std::size_t refusals = 0;         ///< So many more are refused.
  std::deque<held_answer> open;
};

inline caf::behavior fake_audit(caf::event_based_actor* self, std::shared_ptr<log_script> script) {
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

} // namespace gateway::test

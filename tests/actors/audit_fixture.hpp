#pragma once

#include "actors/audit.hpp"
#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/audit_journal.hpp"
#include "tests/actors/fakes/audit_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gateway::test {

using sizes = std::vector<std::size_t>;

/// AUDIT over a journal and a log in memory that outlive it, with batches of eight, and twenty records that may wait.
struct audit_fixture : actor_fixture {
  std::shared_ptr<counting_audit_store> store = std::make_shared<counting_audit_store>();
  std::shared_ptr<counting_audit_journal> journal = std::make_shared<counting_audit_journal>();
  audit_settings how = settings();
  audit_actor log = start();
  std::size_t next = 0;
  std::uint64_t batches = 0;

  static audit_settings settings() {
    audit_settings how;
    how.batch = 8;
    how.queue = 20;
    return how;
  }

  audit_actor start() { return keep(system.spawn(audit, store, journal, how)); }

  void kill() {
    caf::anon_send_exit(log, caf::exit_reason::kill);
    run();
  }

  pending_answer<void> record(std::size_t count) {
    next += count;
    return begin_ask<void>(*this, log, record_atom::value, batch(sample_entries(count, next - count)));
  }

  /// The next batch of an outbox.
  audit_batch_ptr batch(const audit_entries& entries) { return batch_of(entries, {1, ++batches}); }

  bool takes(const audit_entries& entries) { return takes(batch(entries)); }
  bool takes(const audit_batch_ptr& entries) { return ask<void>(log, record_atom::value, entries).has_value(); }
  std::size_t kept() { return store->read(everything())->rows.size(); }
  bool is_well() { return ask<void>(log, ping_atom::value).has_value(); }
};

} // namespace gateway::test

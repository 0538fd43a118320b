#pragma once

#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"
#include "storage/key_store.hpp"
#include "storage/ledger_store.hpp"
#include "tests/simulation/dice.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>

namespace gateway::simulation {

/// What goes wrong at present; a rate of n means one in n, 0 never.
struct weather {
  std::uint64_t ledger_writes_fail = 0;
  std::uint64_t ledger_answers_lie = 0; ///< Written down, but reported as a failure.
  std::uint64_t ledger_questions_lost = 0;
  std::uint64_t ledger_answers_lost = 0;
  std::uint64_t ledger_answers_late = 0;
  std::uint64_t audit_writes_fail = 0;
  std::uint64_t journal_writes_fail = 0;
};

/// What survives the end of a process.
struct disk {
  std::shared_ptr<ledger_store> ledger = make_memory_ledger_store();
  std::shared_ptr<audit_store> audit = make_memory_audit_store();
  std::shared_ptr<audit_journal> journal = make_memory_audit_journal();
  std::shared_ptr<key_store> keys = make_memory_key_store();

  using counter = std::tuple<limit_scope, std::string, limit_kind, std::chrono::sys_days>;
  std::map<counter, std::uint64_t> granted;  ///< To everybody, as the last answer of the ledger said.
  std::map<counter, std::uint64_t> promised; ///< The highest limit that a wish ever named.
};

disk::counter counter_of(const ledger_entry& entry);

/// One process's way to the disk, which ends with it.
struct disk_access {
  disk& what;
  weather& conditions;
  dice& random;
  std::function<timestamp()> steady_clock;
  std::map<std::string, timestamp> answered; ///< When each owner last had an answer of the ledger.
  bool cut = false;                          ///< The process has crashed: nothing that it still does is ever seen.
};
using disk_access_ptr = std::shared_ptr<disk_access>;

std::shared_ptr<ledger_store> ledger_through(disk_access_ptr way);
std::shared_ptr<audit_store> audit_through(disk_access_ptr way);
std::shared_ptr<audit_journal> journal_through(disk_access_ptr way);

} // namespace gateway::simulation

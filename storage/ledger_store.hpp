#pragma once

#include "domain/error.hpp"
#include "domain/quota/lease.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// Writes down how much of each limit has been handed out, before it is spent. For every entry and at
/// every instant, over all owners: granted <= the limit of the last wish, or what was granted before it fell.
/// Failures of the medium are `dependency_unavailable`.
class ledger_store {
 public:
  virtual ~ledger_store() = default;

  /// Grants each wish as far as its limit allows; durable when it returns, all wishes in one transaction. All that the
  /// owner has may be spent until `expires_at`.
  virtual result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                           timestamp expires_at = timestamp::max()) = 0;
  /// Takes back what was not spent; more than the owner has is cut to what it has.
  virtual result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns,
                                 timestamp expires_at = timestamp::max()) = 0;
  /// Forgets the entries of days before `day`.
  virtual result<void> prune(std::chrono::sys_days day) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=NORMAL: exact after a crash of the process.
result<std::unique_ptr<ledger_store>> open_sqlite_ledger_store(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<ledger_store> make_memory_ledger_store();

} // namespace gateway

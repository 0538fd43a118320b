#pragma once

#include "domain/error.hpp"
#include "domain/quota/lease.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// What an owner has of an entry.
struct owned_grant {
  std::string owner;
  ledger_entry entry;
  std::uint64_t amount = 0;
  friend bool operator==(const owned_grant&, const owned_grant&) = default;
};

/// Writes down how much of each limit has been handed out, before it is spent. For every entry and at
/// every instant, over all owners: granted <= the limit of the last wish, or what was there before: granted before the
/// limit fell, or set by `correct`.
/// Failures of the medium are `dependency_unavailable`.
class ledger_store {
 public:
  virtual ~ledger_store() = default;

  /// Grants each wish as far as its limit allows; durable when it returns, all wishes in one transaction. All that the
  /// owner has may be spent until `expires_at`.
  virtual result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                           timestamp expires_at) = 0;
  /// Takes back what was not spent; more than the owner has is cut to what it has.
  virtual result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns,
                                 timestamp expires_at) = 0;
  /// Forgets the entries that ended by then. Of what has been forgotten nothing is granted any more, whatever the clock
  /// says later: it counts as granted whole.
  virtual result<void> prune(timestamp ended_by) = 0;
  /// What the owners `<instance>/...` have, in the order of entries and owners, also where all of it went back.
  virtual result<std::vector<owned_grant>> grants_of(const std::string& instance) = 0;
  /// Sets what these owners have of these entries, whatever the limits; what an owner never had stays nothing.
  virtual result<void> correct(const std::vector<owned_grant>& grants) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=NORMAL: exact after a crash of the process.
result<std::unique_ptr<ledger_store>> open_sqlite_ledger_store(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<ledger_store> make_memory_ledger_store();

} // namespace gateway

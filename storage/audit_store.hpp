#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// Answers questions about the audit log. Failures of the medium are `dependency_unavailable`.
class audit_view {
 public:
  virtual ~audit_view() = default;

  /// Newest first.
  virtual result<audit_page> read(const audit_query& query) = 0;
  /// In the order of the groups' names.
  virtual result<usage_rows> usage(const usage_query& query) = 0;
};

/// Keeps the audit log. Failures of the medium are `dependency_unavailable`.
class audit_store : public audit_view {
 public:
  /// Appends all of them in one commit, in order; a record that is there already (its id and moment) is left as it was.
  virtual result<void> append(const std::vector<audit_record>& records) = 0;
  /// Every record from `from` on that took something from a limit (`counted`), in their order in the log.
  virtual result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=NORMAL: survives kill -9 of the process.
result<std::unique_ptr<audit_store>> open_sqlite_audit_store(const std::string& file);

/// The same log for reading only, on a connection of its own: it never delays a commit.
result<std::unique_ptr<audit_view>> open_sqlite_audit_view(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<audit_store> make_memory_audit_store();

} // namespace gateway

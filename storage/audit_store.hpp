#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// Keeps the audit log. Failures of the medium are `dependency_unavailable`.
class audit_store {
 public:
  virtual ~audit_store() = default;

  /// Appends all of them in one commit, in order; a record that is there already (its id and moment) is left as it was.
  virtual result<void> append(const std::vector<audit_record>& records) = 0;
  /// Newest first.
  virtual result<audit_page> read(const audit_query& query) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=NORMAL: survives kill -9 of the process.
result<std::unique_ptr<audit_store>> open_sqlite_audit_store(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<audit_store> make_memory_audit_store();

} // namespace gateway

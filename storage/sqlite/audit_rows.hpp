#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_chain.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <string>

namespace gateway {

/// Reads the log as its versions before the fourth had it: a row a record.
class audit_row_cursor {
 public:
  explicit audit_row_cursor(SQLite::Database& database);

  /// To the next row in the order of numbers; false when there is none. Throws when its moment is not one.
  bool step();
  const audit_record& record() const { return record_; }
  /// The number; the link is zeros in a log of the first version.
  const log_end& at() const { return at_; }

 private:
  SQLite::Statement row_;
  audit_record record_;
  log_end at_;
};

} // namespace gateway

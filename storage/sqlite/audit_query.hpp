#pragma once

#include "domain/audit_record.hpp"

#include <SQLiteCpp/Database.h>

#include <functional>

namespace gateway {

/// Finds a page of the audit log, newest first. Throws.
audit_page find_audit_records(SQLite::Database& database, const audit_query& query);

/// Every record from `from` on that took something from a limit, in their order in the log. Throws.
void visit_counted_records(SQLite::Database& database, timestamp from,
                           const std::function<void(const audit_record&)>& visit);

} // namespace gateway

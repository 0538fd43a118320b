#pragma once

#include "domain/audit_record.hpp"

#include <SQLiteCpp/Database.h>

namespace gateway {

/// Finds a page of the audit log, newest first. Throws.
audit_page find_audit_records(SQLite::Database& database, const audit_query& query);

} // namespace gateway

#pragma once

#include "storage/audit_chain.hpp"
#include "storage/audit_store.hpp"

#include <SQLiteCpp/Database.h>

namespace gateway {

/// One step of `audit_store::trim`: about a thousand of the oldest records, in one transaction. Throws.
bool trim_audit_log(SQLite::Database& database, const audit_retention& keep, timestamp now, audit_chain& chain);

} // namespace gateway

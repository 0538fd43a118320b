#pragma once

#include "storage/audit_chain.hpp"

#include <SQLiteCpp/Database.h>

#include <string>

namespace gateway {

/// Makes a log ready: rows of the versions before the fourth become blocks, a log that has no chain yet (it is new, or
/// of the first version) gets one, and one that has only a plain chain while there is a key now is chained anew. One
/// pass over the records, in one transaction. Throws when the log was chained with another key.
void prepare_audit_log(SQLite::Database& database, const secret& chain_key);

/// Opens a log for reading only. Throws when it is of an older version, or not ready yet.
SQLite::Database open_audit_log_to_read(const std::string& file);

} // namespace gateway

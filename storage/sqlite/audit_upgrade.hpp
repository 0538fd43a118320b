#pragma once

#include "storage/audit_chain.hpp"

#include <SQLiteCpp/Database.h>

namespace gateway {

/// Makes a log ready that has no chain yet (it is new, or of the first version: then the records that it has are
/// chained and their usage is summed up), or only a plain one while there is a key now. One pass over the records, in
/// one transaction. Throws when the log was chained with another key.
void prepare_audit_chain(SQLite::Database& database, const secret& chain_key);

} // namespace gateway

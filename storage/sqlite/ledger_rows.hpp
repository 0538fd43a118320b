#pragma once

#include "domain/time.hpp"
#include "storage/ledger_store.hpp"

#include <SQLiteCpp/Statement.h>

#include <cstdint>

namespace gateway {

/// Moments in the ledger's tables are milliseconds since 1970.
std::int64_t to_stored(timestamp moment);
timestamp moment_from(std::int64_t stored);

/// Binds what tells entries apart to the parameters 1 to 4: day, scope, account, kind.
void bind_entry(SQLite::Statement& statement, const ledger_entry& entry);

/// Every grant of the owners from the first parameter on to before the second.
extern const char* const select_of_instance;
owned_grant read_grant(SQLite::Statement& row);

} // namespace gateway

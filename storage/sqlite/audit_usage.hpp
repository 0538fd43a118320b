#pragma once

#include "storage/usage_sums.hpp"

#include <SQLiteCpp/Database.h>

namespace gateway {

/// Adds `sums` to what the log's table of usage has, within the transaction that is open. Throws.
void add_usage(SQLite::Database& database, const usage_sums& sums);

/// What the table holds, as the query wants it. Throws.
usage_rows read_usage(SQLite::Database& database, const usage_query& query);

} // namespace gateway

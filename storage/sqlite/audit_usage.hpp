#pragma once

#include "storage/audit_chain.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/usage_sums.hpp"

#include <SQLiteCpp/Database.h>

#include <cstdint>

namespace gateway {

/// Sums are written when so many records have come since the last time, not at every commit: those touch the rows of
/// as many keys as they have records of. A reader adds what is not summed up yet.
constexpr std::int64_t records_between_sums = 8192;

/// Adds `sums` to what the table of usage has, within the transaction that is open. Throws.
void add_usage(SQLite::Database& database, const usage_sums& sums);

/// Adds to the table what is not summed up yet, up to and with the record at `to`, within the transaction that is open.
/// Throws.
void sum_up_usage(SQLite::Database& database, audit_ends& ends, audit_chain& chain, const log_end& to);

/// What the records up to and with the one at `head` add to the table. Throws.
usage_sums read_unsummed_usage(SQLite::Database& database, audit_ends& ends, audit_chain& chain, const log_end& head);

/// What was used, as the query wants it. Throws.
usage_rows read_usage(SQLite::Database& database, const usage_query& query);

} // namespace gateway

#pragma once

#include "domain/audit_record.hpp"
#include "domain/time.hpp"
#include "storage/audit_chain.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>

namespace gateway {

/// Inserts one record with its number and its link.
extern const char* const insert_audit_record;

/// The columns of a record, in the order in which `read_audit_record` takes them; the table goes by the name `r`.
extern const char* const audit_record_columns;

/// Runs `insert_audit_record` without copying the texts of `record`.
void write_audit_record(SQLite::Statement& insert, const log_end& at, const audit_record& record);

/// The record in the current row, its number, and its link with it. The first throws when its moment is not one.
audit_record read_audit_record(SQLite::Statement& row);
std::int64_t read_audit_sequence(SQLite::Statement& row);
log_end read_audit_end(SQLite::Statement& row);

/// Zeros when there is none.
chain_link read_link(const SQLite::Column& column);

/// The nearest moment that the table can hold: of the years 0 to 9999.
timestamp to_storable(timestamp moment);

/// A moment as the table holds it, such that the order of texts is the order of moments.
std::string to_audit_moment(timestamp moment);

} // namespace gateway

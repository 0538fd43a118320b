#pragma once

#include "domain/audit_record.hpp"
#include "domain/time.hpp"

#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>

namespace gateway {

/// Inserts one record under the number `?1`; does nothing when it is there.
extern const char* const insert_audit_record;

/// The columns of a record, in the order in which `read_audit_record` takes them; the table goes by the name `r`.
extern const char* const audit_record_columns;

/// Runs `insert_audit_record` without copying the texts of `record`; false when it was there.
bool write_audit_record(SQLite::Statement& insert, std::int64_t sequence, const audit_record& record);

/// The record in the current row, and its number. Throws when its moment is not one.
audit_record read_audit_record(SQLite::Statement& row);
std::int64_t read_audit_sequence(SQLite::Statement& row);

/// A moment as the table holds it, such that the order of texts is the order of moments.
std::string to_audit_moment(timestamp moment);

} // namespace gateway

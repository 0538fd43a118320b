#pragma once

#include "domain/principal.hpp"

#include <SQLiteCpp/Statement.h>

namespace gateway {

/// Both take the parameters that `bind_key` sets. The first does nothing when the key_id is there.
extern const char* const insert_key;
extern const char* const update_key;

/// The columns that `read_key` expects.
extern const char* const key_columns;

/// Sets all of a key but its secrets.
void bind_key(SQLite::Statement& statement, const key_record& record);

/// The key in the current row, still without its secrets. Throws when it is damaged.
key_record read_key(SQLite::Statement& row);

/// Secrets: `insert` takes key_id, position, digest, hint, valid_until; a row has the last three.
void bind_secret(SQLite::Statement& insert, const std::string& key_id, int position, const key_secret& secret);
key_secret read_secret(SQLite::Statement& row);

} // namespace gateway

#pragma once

#include "storage/audit_store.hpp"

#include <SQLiteCpp/Database.h>

#include <string_view>
#include <vector>

namespace gateway {

/// `audit_store::missing`: reads the blocks whose moments are those of the records. Throws.
std::vector<std::string_view> find_missing_records(SQLite::Database& database, encoded_records records);

} // namespace gateway

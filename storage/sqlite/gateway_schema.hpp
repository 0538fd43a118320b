#pragma once

#include "storage/sqlite/database.hpp"

namespace gateway {

/// gateway.db: the keys, and what the ledger has granted.
const database_schema& gateway_schema();

} // namespace gateway

#pragma once

#include "storage/sqlite/database.hpp"

namespace gateway {

/// audit.db: the audit log.
const database_schema& audit_schema();

} // namespace gateway

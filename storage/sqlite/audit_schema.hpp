#pragma once

#include "storage/sqlite/database.hpp"

#include <cstdint>

namespace gateway {

/// Records with the same `sequence / audit_segment_size` are a segment. Part of the file's format: never changed.
constexpr std::int64_t audit_segment_size = 1024;

/// audit.db: the audit log.
const database_schema& audit_schema();

} // namespace gateway

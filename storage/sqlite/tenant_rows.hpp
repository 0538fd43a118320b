#pragma once

#include "domain/principal.hpp"

#include <SQLiteCpp/Statement.h>

#include <string>
#include <utility>

namespace gateway {

/// Every tenant, as `read_tenant` expects its rows.
extern const char* const select_tenants;
/// Takes the parameters that `bind_tenant` sets, and replaces what is there.
extern const char* const upsert_tenant;

void bind_tenant(SQLite::Statement& statement, const std::string& tenant_id, const tenant_limits& limits);

/// The tenant in the current row: its tenant_id and its limits.
std::pair<std::string, tenant_limits> read_tenant(SQLite::Statement& row);

} // namespace gateway

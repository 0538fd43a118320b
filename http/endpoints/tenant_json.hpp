#pragma once

#include "domain/error.hpp"
#include "domain/principal.hpp"
#include "http/wire/request.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway {

/// A tenant as the admin API shows it: null for what has no limit.
nlohmann::ordered_json to_json(const std::string& tenant_id, const tenant_limits& limits);

/// Reads the body of `PUT /admin/tenants/{tenant_id}`: what it does not name is not limited.
result<tenant_limits> read_tenant_limits(const request& asked);

} // namespace gateway

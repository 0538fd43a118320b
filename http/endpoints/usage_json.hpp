#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"
#include "http/wire/request.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace gateway {

/// Reads the query of `GET /admin/usage`.
result<usage_query> read_usage_query(const request& asked);

/// The sums, each with the fields that it was grouped by in front; null where a request had none.
nlohmann::ordered_json to_json(const usage_rows& rows, const std::vector<usage_group>& grouped_by);

} // namespace gateway

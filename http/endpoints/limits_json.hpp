#pragma once

#include "domain/principal.hpp"
#include "domain/quota/quota_decision.hpp"
#include "http/wire/json_body.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace gateway {

// What keys and tenants have in common in the admin API.

/// An id that fits into a path and a log line as it is; and what is wrong with one that does not.
bool is_plain_id(const std::string& text);
inline constexpr const char* plain_id_rule = "must be 1 to 128 letters, digits or any of - _ . :";

/// Reads `limits` and `time_zone`; what is null in `limits` takes the limit away. Money is in dollars there.
void read_limits(json_fields& fields, key_changes& changes);

/// All of `limits`: null where there is none.
nlohmann::ordered_json to_json(const rate_limits& limits);
/// A count, or null.
nlohmann::ordered_json or_null(const std::optional<std::uint64_t>& limit);

/// The balances of one scope, by the names of their limits: `used`, `held`, `limit`, `remaining`, `resets_at`.
nlohmann::ordered_json to_json(const limit_balances& balances, limit_scope whose);

} // namespace gateway

#pragma once

#include "actors/messages.hpp"
#include "domain/error.hpp"
#include "domain/principal.hpp"
#include "http/wire/request.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace gateway {

/// A key as the admin API shows it; `shown_key` is its secret, the one time it is shown, and empty otherwise.
nlohmann::ordered_json to_json(const key_record& record, std::string_view shown_key = {});

/// Reads the body of `POST /admin/keys`. Quotas that are missing or not above 0 are the defaults.
result<new_key> read_new_key(const request& asked, const daily_quota& defaults);

/// Reads the body of `PATCH /admin/keys/{key_id}`: the fields that it names change, the others stay.
result<key_changes> read_key_changes(const request& asked, const daily_quota& defaults);

/// Reads the body of `POST /admin/keys/{key_id}/rotate`: how long the old secret still works, 0 without a body.
result<std::chrono::seconds> read_grace(const request& asked);

} // namespace gateway

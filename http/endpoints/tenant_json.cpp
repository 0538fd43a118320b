#include "http/endpoints/tenant_json.hpp"

#include "http/endpoints/limits_json.hpp"
#include "http/wire/json_body.hpp"

#include <utility>

namespace gateway {

using nlohmann::ordered_json;

ordered_json to_json(const std::string& tenant_id, const tenant_limits& limits) {
  return {
      {"tenant_id", tenant_id},
      {"quota", {{"daily_requests", or_null(limits.daily_requests)}, {"daily_tokens", or_null(limits.daily_tokens)}}},
      {"limits", to_json(limits.limits)},
      {"time_zone", limits.time_zone},
  };
}

result<tenant_limits> read_tenant_limits(const request& asked) {
  auto body = parse_json_object(asked);
  if (!body) return tl::unexpected(std::move(body.error()));
  json_fields fields(std::move(*body));
  tenant_limits limits;
  json_fields quota(fields.optional<nlohmann::json>("quota").value_or(nlohmann::json::object()), "quota.");
  limits.daily_requests = quota.optional<std::uint64_t>("daily_requests");
  limits.daily_tokens = quota.optional<std::uint64_t>("daily_tokens");
  fields.absorb(quota);
  key_changes changes;
  read_limits(fields, changes);
  limits.limits = {changes.requests_per_minute.value_or(std::nullopt), changes.tokens_per_minute.value_or(std::nullopt),
                   changes.concurrent_requests.value_or(std::nullopt), changes.budget_per_day.value_or(std::nullopt),
                   changes.budget_per_month.value_or(std::nullopt)};
  limits.time_zone = std::move(changes.time_zone).value_or(std::string(default_time_zone));
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return limits;
}

} // namespace gateway

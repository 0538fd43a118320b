#include "http/endpoints/limits_json.hpp"

#include "domain/calendar.hpp"
#include "domain/time.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

ordered_json dollars_or_null(const std::optional<micro_dollars>& money) {
  return money ? ordered_json(to_dollars(*money)) : ordered_json();
}

std::optional<std::optional<micro_dollars>> read_dollars(json_fields& fields, const std::string& name) {
  const auto dollars = fields.nullable<double>(name);
  if (!dollars) return std::nullopt;
  return *dollars ? std::optional(to_micro_dollars(**dollars)) : std::optional<micro_dollars>();
}

bool is_money(limit_kind kind) { return kind == limit_kind::budget_per_day || kind == limit_kind::budget_per_month; }

ordered_json to_json(const limit_balance& balance) {
  const auto amount = [&](std::uint64_t value) {
    return is_money(balance.kind) ? ordered_json(to_dollars(value)) : ordered_json(value);
  };
  return {{"limit", amount(balance.limit)},
          {"used", amount(balance.used)},
          {"held", amount(balance.held)},
          {"remaining", amount(balance.remaining())},
          {"resets_at", to_rfc3339(balance.resets_at)}};
}

} // namespace

bool is_plain_id(const std::string& text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  });
}

void read_limits(json_fields& fields, key_changes& changes) {
  changes.time_zone = fields.optional<std::string>("time_zone");
  if (changes.time_zone && !is_time_zone(*changes.time_zone))
    fields.complain("time_zone", "must be the IANA name of a time zone, such as Europe/Berlin");
  auto limits_object = fields.optional<nlohmann::json>("limits");
  if (!limits_object) return;
  json_fields limits(std::move(*limits_object), "limits.");
  changes.requests_per_minute = limits.nullable<std::uint64_t>("requests_per_minute");
  changes.tokens_per_minute = limits.nullable<std::uint64_t>("tokens_per_minute");
  changes.concurrent_requests = limits.nullable<std::uint64_t>("concurrent_requests");
  changes.budget_per_day = read_dollars(limits, "budget_usd_per_day");
  changes.budget_per_month = read_dollars(limits, "budget_usd_per_month");
  fields.absorb(limits);
}

ordered_json or_null(const std::optional<std::uint64_t>& limit) {
  return limit ? ordered_json(*limit) : ordered_json();
}

ordered_json to_json(const rate_limits& limits) {
  return {{"requests_per_minute", or_null(limits.requests_per_minute)},
          {"tokens_per_minute", or_null(limits.tokens_per_minute)},
          {"concurrent_requests", or_null(limits.concurrent_requests)},
          {"budget_usd_per_day", dollars_or_null(limits.budget_per_day)},
          {"budget_usd_per_month", dollars_or_null(limits.budget_per_month)}};
}

ordered_json to_json(const limit_balances& balances, limit_scope whose) {
  auto limits = ordered_json::object();
  for (const auto& balance : balances)
    if (balance.scope == whose) limits[std::string(to_string(balance.kind))] = to_json(balance);
  return limits;
}

} // namespace gateway

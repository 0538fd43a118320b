#include "http/endpoints/key_json.hpp"

#include "domain/time.hpp"
#include "http/endpoints/limits_json.hpp"
#include "http/wire/json_body.hpp"

#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t longest_name = 256;
constexpr std::uint64_t longest_grace_s = 30UL * 24 * 3600;

/// A quota field, by its flat name or inside `quota`; not above 0 means the default.
std::optional<std::uint64_t> read_quota(json_fields& fields, json_fields& nested, const std::string& name,
                                        std::uint64_t otherwise) {
  const auto flat = fields.optional<std::int64_t>("quota_" + name);
  const auto inner = nested.optional<std::int64_t>(name);
  const auto given = flat ? flat : inner;
  if (!given) return std::nullopt;
  return *given > 0 ? static_cast<std::uint64_t>(*given) : otherwise;
}

/// The fields that a new key and a changed one have in common.
key_changes read_changes(json_fields& fields, const daily_quota& defaults) {
  key_changes changes;
  json_fields nested(fields.optional<nlohmann::json>("quota").value_or(nlohmann::json::object()), "quota.");
  changes.daily_requests = read_quota(fields, nested, "daily_requests", defaults.requests);
  changes.daily_tokens = read_quota(fields, nested, "daily_tokens", defaults.tokens);
  fields.absorb(nested);
  changes.name = fields.optional<std::string>("name");
  if (changes.name && changes.name->size() > longest_name) fields.complain("name", "must be at most 256 bytes");
  changes.active = fields.optional<bool>("active");
  changes.models = fields.optional<std::vector<std::string>>("models");
  changes.metadata = fields.optional<std::map<std::string, std::string>>("metadata");
  if (const auto expiry = fields.nullable<std::string>("expires_at")) {
    const auto moment = *expiry ? from_rfc3339(**expiry) : std::nullopt;
    if (*expiry && !moment) fields.complain("expires_at", "must be a moment such as 2026-01-31T00:00:00Z");
    changes.expires_at = moment;
  }
  read_limits(fields, changes);
  return changes;
}

} // namespace

ordered_json to_json(const key_record& record, std::string_view shown_key) {
  const auto& who = record.who;
  return {
      {"key", shown_key},
      {"key_id", who.key_id},
      {"key_hint", record.secrets.empty() ? "" : record.secrets.front().hint},
      {"tenant_id", who.tenant_id},
      {"name", record.name},
      {"active", record.active},
      {"quota", {{"daily_requests", who.quota.requests}, {"daily_tokens", who.quota.tokens}}},
      {"limits", to_json(who.limits)},
      {"time_zone", who.time_zone},
      {"models", who.models},
      {"metadata", record.metadata},
      {"expires_at", who.expires_at ? ordered_json(to_rfc3339(*who.expires_at)) : ordered_json()},
      {"created_at", to_rfc3339(record.created_at)},
      {"updated_at", to_rfc3339(record.updated_at)},
  };
}

result<new_key> read_new_key(const request& asked, const daily_quota& defaults) {
  auto body = parse_json_object(asked);
  if (!body) return tl::unexpected(std::move(body.error()));
  json_fields fields(std::move(*body));
  new_key made;
  made.tenant_id = fields.required<std::string>("tenant_id").value_or("");
  if (!made.tenant_id.empty() && !is_plain_id(made.tenant_id)) fields.complain("tenant_id", plain_id_rule);
  made.key_id = fields.optional<std::string>("key_id");
  if (made.key_id && !is_plain_id(*made.key_id)) fields.complain("key_id", plain_id_rule);
  made.rest = read_changes(fields, defaults);
  made.quota = {made.rest.daily_requests.value_or(defaults.requests), made.rest.daily_tokens.value_or(defaults.tokens)};
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  if (made.tenant_id.empty()) return fail(ec::request_invalid, "tenant_id must not be empty", "tenant_id");
  return made;
}

result<key_changes> read_key_changes(const request& asked, const daily_quota& defaults) {
  auto body = parse_json_object(asked);
  if (!body) return tl::unexpected(std::move(body.error()));
  json_fields fields(std::move(*body));
  auto changes = read_changes(fields, defaults);
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return changes;
}

result<std::chrono::seconds> read_grace(const request& asked) {
  if (asked.body.empty()) return std::chrono::seconds(0);
  auto body = parse_json_object(asked);
  if (!body) return tl::unexpected(std::move(body.error()));
  json_fields fields(std::move(*body));
  const auto grace = fields.optional<std::uint64_t>("grace_s").value_or(0);
  if (grace > longest_grace_s) fields.complain("grace_s", "must be at most 2592000 (30 days)");
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return std::chrono::seconds(grace);
}

} // namespace gateway

#include "storage/sqlite/key_rows.hpp"

#include "storage/sqlite/database.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace gateway {

const char* const insert_key =
    "INSERT INTO keys (key_id, tenant_id, name, active, daily_requests, daily_tokens, requests_per_minute,"
    " tokens_per_minute, concurrent_requests, budget_per_day, models, metadata, expires_at, created_at, updated_at,"
    " budget_per_month, time_zone)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    " ON CONFLICT (key_id) DO NOTHING";

const char* const update_key =
    "UPDATE keys SET tenant_id = ?2, name = ?3, active = ?4, daily_requests = ?5, daily_tokens = ?6,"
    " requests_per_minute = ?7, tokens_per_minute = ?8, concurrent_requests = ?9, budget_per_day = ?10,"
    " models = ?11, metadata = ?12, expires_at = ?13, created_at = ?14, updated_at = ?15,"
    " budget_per_month = ?16, time_zone = ?17 WHERE key_id = ?1";

const char* const key_columns =
    "key_id, tenant_id, name, active, daily_requests, daily_tokens, requests_per_minute, tokens_per_minute,"
    " concurrent_requests, budget_per_day, models, metadata, expires_at, created_at, updated_at, budget_per_month,"
    " time_zone";

namespace {

std::int64_t to_number(timestamp moment) { return moment.time_since_epoch().count(); }
std::int64_t to_number(std::uint64_t count) { return to_stored(count); }

template <class Value>
void bind_optional(SQLite::Statement& statement, int index, const std::optional<Value>& value) {
  if (value) {
    statement.bind(index, to_number(*value));
  } else {
    statement.bind(index);
  }
}

timestamp to_moment(const SQLite::Column& column) { return timestamp{std::chrono::milliseconds{column.getInt64()}}; }

std::optional<timestamp> to_optional_moment(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return to_moment(column);
}

std::optional<std::uint64_t> to_optional_count(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return from_stored(column.getInt64());
}

// What nlohmann would throw quotes the text; this does not.
template <class Value>
Value from_json(const SQLite::Column& column, const std::string& key_id) {
  const auto json = nlohmann::json::parse(column.getString(), nullptr, false);
  const auto is_text = [](const nlohmann::json& item) { return item.is_string(); };
  const auto shape = nlohmann::json(Value{}).type();
  if (json.type() != shape || !std::all_of(json.begin(), json.end(), is_text)) {
    throw std::runtime_error("key " + key_id + " is damaged: its " + column.getName() + " cannot be read");
  }
  return json.get<Value>();
}

} // namespace

void bind_key(SQLite::Statement& statement, const key_record& record) {
  const auto& who = record.who;
  statement.bind(1, who.key_id);
  statement.bind(2, who.tenant_id);
  statement.bind(3, record.name);
  statement.bind(4, record.active ? 1 : 0);
  statement.bind(5, to_stored(who.quota.requests));
  statement.bind(6, to_stored(who.quota.tokens));
  bind_optional(statement, 7, who.limits.requests_per_minute);
  bind_optional(statement, 8, who.limits.tokens_per_minute);
  bind_optional(statement, 9, who.limits.concurrent_requests);
  bind_optional(statement, 10, who.limits.budget_per_day);
  statement.bind(11, nlohmann::json(who.models).dump());
  statement.bind(12, nlohmann::json(record.metadata).dump());
  bind_optional(statement, 13, who.expires_at);
  statement.bind(14, to_number(record.created_at));
  statement.bind(15, to_number(record.updated_at));
  bind_optional(statement, 16, who.limits.budget_per_month);
  statement.bind(17, who.time_zone);
}

key_record read_key(SQLite::Statement& row) {
  key_record record;
  auto& who = record.who;
  who.key_id = row.getColumn(0).getString();
  who.tenant_id = row.getColumn(1).getString();
  record.name = row.getColumn(2).getString();
  record.active = row.getColumn(3).getInt() != 0;
  who.quota.requests = from_stored(row.getColumn(4).getInt64());
  who.quota.tokens = from_stored(row.getColumn(5).getInt64());
  who.limits.requests_per_minute = to_optional_count(row.getColumn(6));
  who.limits.tokens_per_minute = to_optional_count(row.getColumn(7));
  who.limits.concurrent_requests = to_optional_count(row.getColumn(8));
  who.limits.budget_per_day = to_optional_count(row.getColumn(9));
  who.models = from_json<std::vector<std::string>>(row.getColumn(10), who.key_id);
  record.metadata = from_json<std::map<std::string, std::string>>(row.getColumn(11), who.key_id);
  who.expires_at = to_optional_moment(row.getColumn(12));
  record.created_at = to_moment(row.getColumn(13));
  record.updated_at = to_moment(row.getColumn(14));
  who.limits.budget_per_month = to_optional_count(row.getColumn(15));
  who.time_zone = row.getColumn(16).getString();
  return record;
}

void bind_secret(SQLite::Statement& insert, const std::string& key_id, int position, const key_secret& secret) {
  insert.bind(1, key_id);
  insert.bind(2, position);
  insert.bind(3, secret.digest.data(), static_cast<int>(secret.digest.size()));
  insert.bind(4, secret.hint);
  bind_optional(insert, 5, secret.valid_until);
}

key_secret read_secret(SQLite::Statement& row) {
  key_secret secret;
  const auto digest = row.getColumn(0).getString();
  if (digest.size() != secret.digest.size()) throw std::runtime_error("a key is damaged: a digest has a wrong length");
  std::copy(digest.begin(), digest.end(), secret.digest.begin());
  secret.hint = row.getColumn(1).getString();
  secret.valid_until = to_optional_moment(row.getColumn(2));
  return secret;
}

} // namespace gateway

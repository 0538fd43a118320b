#include "storage/sqlite/audit_rows.hpp"

#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/database.hpp"

#include <cstdint>
#include <stdexcept>

namespace gateway {

namespace {

constexpr int chain_column = 26;

audit_record read_record(SQLite::Statement& row) {
  int column = 1;
  const auto text = [&] { return row.getColumn(column++).getString(); };
  const auto number = [&] { return row.getColumn(column++).getInt64(); };
  audit_record record;
  record.id = text();
  const auto created_at = from_rfc3339(text());
  if (!created_at) throw std::runtime_error("record " + record.id + " is damaged: its created_at is not a moment");
  record.created_at = *created_at;
  record.request_id = text();
  record.tenant_id = text();
  record.key_id = text();
  record.endpoint = text();
  record.method = text();
  record.model = text();
  record.upstream = text();
  record.upstream_model = text();
  record.status = static_cast<int>(number());
  record.error_code = text();
  record.stream = number() != 0;
  record.usage.prompt_tokens = from_stored(number());
  record.usage.completion_tokens = from_stored(number());
  record.source = usage_source_from(text());
  record.latency_ms = static_cast<std::uint32_t>(number());
  if (const auto ttft = row.getColumn(column++); !ttft.isNull()) record.ttft_ms = ttft.getUInt();
  record.attempts = static_cast<std::uint32_t>(number());
  record.usage.cached_tokens = from_stored(number());
  record.usage.reasoning_tokens = from_stored(number());
  record.cost = from_stored(number());
  record.counted = number() != 0;
  record.admin = text();
  record.change = text();
  return record;
}

} // namespace

audit_row_cursor::audit_row_cursor(SQLite::Database& database)
    : row_(database,
           "SELECT sequence, id, created_at, request_id, tenant_id, key_id, endpoint, method, model, upstream,"
           " upstream_model, status, error_code, stream, prompt_tokens, completion_tokens, usage_source, latency_ms,"
           " ttft_ms, attempts, cached_tokens, reasoning_tokens, cost, counted, admin, change, chain"
           " FROM audit_rows ORDER BY sequence") {}

bool audit_row_cursor::step() {
  if (!row_.executeStep()) return false;
  record_ = read_record(row_);
  at_ = {row_.getColumn(0).getInt64(), read_link(row_.getColumn(chain_column))};
  return true;
}

} // namespace gateway

#include "storage/sqlite/audit_rows.hpp"

#include "storage/sqlite/database.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace gateway {

namespace {

constexpr int audit_chain_column = 26;

} // namespace

const char* const insert_audit_record =
    "INSERT INTO audit_records (sequence, id, created_at, request_id, tenant_id, key_id, endpoint, method, model,"
    " upstream, upstream_model, status, error_code, stream, prompt_tokens, completion_tokens, usage_source, latency_ms,"
    " ttft_ms, attempts, cached_tokens, reasoning_tokens, cost, counted, admin, change, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

const char* const audit_record_columns =
    "r.sequence, r.id, r.created_at, r.request_id, r.tenant_id, r.key_id, r.endpoint, r.method, r.model, r.upstream,"
    " r.upstream_model, r.status, r.error_code, r.stream, r.prompt_tokens, r.completion_tokens, r.usage_source,"
    " r.latency_ms, r.ttft_ms, r.attempts, r.cached_tokens, r.reasoning_tokens, r.cost, r.counted, r.admin, r.change,"
    " r.chain";

void write_audit_record(SQLite::Statement& insert, const log_end& at, const audit_record& record) {
  const auto created_at = to_audit_moment(record.created_at);
  const std::string source{to_string(record.source)};
  const statement_use use(insert);
  int column = 0;
  const auto text = [&](const std::string& value) { use->bindNoCopy(++column, value); };
  const auto number = [&](std::int64_t value) { use->bind(++column, value); };
  number(at.sequence);
  text(record.id);
  text(created_at);
  text(record.request_id);
  text(record.tenant_id);
  text(record.key_id);
  text(record.endpoint);
  text(record.method);
  text(record.model);
  text(record.upstream);
  text(record.upstream_model);
  number(record.status);
  text(record.error_code);
  number(record.stream ? 1 : 0);
  number(to_stored(record.usage.prompt_tokens));
  number(to_stored(record.usage.completion_tokens));
  text(source);
  number(record.latency_ms);
  if (record.ttft_ms) {
    number(*record.ttft_ms);
  } else {
    use->bind(++column);
  }
  number(record.attempts);
  number(to_stored(record.usage.cached_tokens));
  number(to_stored(record.usage.reasoning_tokens));
  number(to_stored(record.cost));
  number(record.counted ? 1 : 0);
  text(record.admin);
  text(record.change);
  use->bindNoCopy(++column, at.link.data(), static_cast<int>(at.link.size()));
  use->exec();
}

audit_record read_audit_record(SQLite::Statement& row) {
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

std::int64_t read_audit_sequence(SQLite::Statement& row) { return row.getColumn(0).getInt64(); }

log_end read_audit_end(SQLite::Statement& row) {
  return {read_audit_sequence(row), read_link(row.getColumn(audit_chain_column))};
}

chain_link read_link(const SQLite::Column& column) {
  chain_link link{};
  if (const auto size = static_cast<std::size_t>(column.getBytes()); size == link.size())
    std::memcpy(link.data(), column.getBlob(), size);
  return link;
}

timestamp to_storable(timestamp moment) {
  using namespace std::chrono;
  constexpr timestamp first = sys_days{year{0} / January / 1};
  constexpr timestamp last = sys_days{year{10000} / January / 1} - milliseconds{1};
  return std::clamp(moment, first, last);
}

std::string to_audit_moment(timestamp moment) { return to_rfc3339(to_storable(moment)); }

} // namespace gateway

#include "storage/sqlite/audit_schema.hpp"

#include <array>

namespace gateway {

namespace {

constexpr auto first_version = R"(
  CREATE TABLE audit_records (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    request_id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    method TEXT NOT NULL,
    model TEXT NOT NULL,
    upstream TEXT NOT NULL,
    upstream_model TEXT NOT NULL,
    status INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    stream INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    usage_source TEXT NOT NULL,
    latency_ms INTEGER NOT NULL,
    ttft_ms INTEGER,
    attempts INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX audit_identity ON audit_records (created_at, id);

  CREATE TABLE audit_segments (
    segment INTEGER PRIMARY KEY,
    oldest TEXT NOT NULL,
    newest TEXT NOT NULL
  ) STRICT;

  CREATE TABLE audit_lookup (
    segment INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (segment, tenant_id, request_id, sequence)
  ) STRICT, WITHOUT ROWID;
)";

// `chain` has no value until the store has computed it (audit_upgrade.hpp).
// - `audit_ends` costs one page a commit (audit_ends.hpp). The next number comes from there, not from the rows.
// - `audit_usage` gets its sums of some thousand records at a time (audit_usage.hpp): with a thousand keys, sums at
//   every commit took 2 us a record.
constexpr auto second_version = R"(
  ALTER TABLE audit_records ADD COLUMN cached_tokens INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE audit_records ADD COLUMN reasoning_tokens INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE audit_records ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE audit_records ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE audit_records ADD COLUMN admin TEXT NOT NULL DEFAULT '';
  ALTER TABLE audit_records ADD COLUMN change TEXT NOT NULL DEFAULT '';
  ALTER TABLE audit_records ADD COLUMN chain BLOB;

  CREATE TABLE audit_ends (
    name TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    chain BLOB NOT NULL,
    seal BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_usage (
    hour INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    upstream TEXT NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (hour, tenant_id, key_id, model, upstream)
  ) STRICT, WITHOUT ROWID;
)";

constexpr auto third_version = R"(
  DROP INDEX audit_identity;
)";

// What is appended together is a block (storage/audit_block.hpp). A row a record cost twice as much: 27 columns to
// bind and to write, and an index of tenants and requests. Nothing is indexed but the numbers:
// - `audit_blocks` is narrow, so that `from` and `to` pass over thousands of blocks at once.
// - `directory` comes before `records`, so that who looks for a tenant or a request reads the pages of the one only.
// The rows that there were become blocks when the store opens the file (audit_upgrade.hpp), and `audit_rows` goes.
constexpr auto fourth_version = R"(
  ALTER TABLE audit_records RENAME TO audit_rows;
  DROP TABLE audit_segments;
  DROP TABLE audit_lookup;

  CREATE TABLE audit_blocks (
    first INTEGER PRIMARY KEY,
    records INTEGER NOT NULL,
    oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    chain BLOB NOT NULL
  ) STRICT;
  CREATE TABLE audit_block_records (
    first INTEGER PRIMARY KEY,
    directory BLOB NOT NULL,
    records BLOB NOT NULL
  ) STRICT;
)";

constexpr std::array migrations{first_version, second_version, third_version, fourth_version};
// Blocks have up to 256 KiB: larger pages are fewer to write, and to bring from the write-ahead log into the file.
constexpr int page_size = 16384;

} // namespace

const database_schema& audit_schema() {
  static constexpr database_schema schema{0x47574155, migrations, page_size}; // "GWAU"
  return schema;
}

} // namespace gateway

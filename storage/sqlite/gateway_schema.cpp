#include "storage/sqlite/gateway_schema.hpp"

#include <array>

namespace gateway {

namespace {

// Moments are milliseconds since 1970 in UTC, so that there is none that cannot be stored. In `granted` the day
// comes first, so that the days which are over are one range of the table.
constexpr auto first_version = R"(
  CREATE TABLE keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    daily_requests INTEGER NOT NULL,
    daily_tokens INTEGER NOT NULL,
    requests_per_minute INTEGER,
    tokens_per_minute INTEGER,
    concurrent_requests INTEGER,
    budget_usd_per_day REAL,
    models TEXT NOT NULL,
    metadata TEXT NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_of_tenant ON keys (tenant_id, key_id);

  CREATE TABLE key_secrets (
    key_id TEXT NOT NULL REFERENCES keys ON DELETE CASCADE,
    position INTEGER NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    valid_until INTEGER,
    PRIMARY KEY (key_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE granted (
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (day, account, kind, owner)
  ) STRICT, WITHOUT ROWID;
)";

// Money becomes whole millionths of a dollar.
constexpr auto second_version = R"(
  ALTER TABLE keys ADD COLUMN budget_per_day INTEGER;
  ALTER TABLE keys ADD COLUMN budget_per_month INTEGER;
  ALTER TABLE keys ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
  UPDATE keys SET budget_per_day = CAST(round(min(budget_usd_per_day, 9e12) * 1e6) AS INTEGER)
    WHERE budget_usd_per_day IS NOT NULL;
  ALTER TABLE keys DROP COLUMN budget_usd_per_day;

  CREATE TABLE tenants (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    daily_requests INTEGER,
    daily_tokens INTEGER,
    requests_per_minute INTEGER,
    tokens_per_minute INTEGER,
    concurrent_requests INTEGER,
    budget_per_day INTEGER,
    budget_per_month INTEGER,
    time_zone TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
)";

// What was granted before belonged to keys, and to days in UTC. `forgotten` says of each kind which entries were
// pruned: those that had ended by then.
constexpr auto third_version = R"(
  CREATE TABLE granted_in_windows (
    day TEXT NOT NULL,
    scope TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    amount INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    PRIMARY KEY (day, scope, account, kind, owner)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO granted_in_windows
    SELECT day, 'key', account, kind, owner, amount, CAST(strftime('%s', day) AS INTEGER) * 1000,
           CAST(strftime('%s', day, '+1 day') AS INTEGER) * 1000 FROM granted;
  DROP TABLE granted;
  ALTER TABLE granted_in_windows RENAME TO granted;
  CREATE INDEX granted_by_end ON granted (ends);
  CREATE INDEX granted_by_owner ON granted (owner);

  CREATE TABLE owners (
    owner TEXT NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE forgotten (
    kind TEXT NOT NULL PRIMARY KEY,
    ended_by INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
)";

constexpr std::array migrations{first_version, second_version, third_version};

} // namespace

const database_schema& gateway_schema() {
  static constexpr database_schema schema{0x47574b4c, migrations}; // "GWKL"
  return schema;
}

} // namespace gateway

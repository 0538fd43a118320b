#include "storage/sqlite/ledger_rows.hpp"

#include "storage/sqlite/database.hpp"

#include <stdexcept>
#include <string>

namespace gateway {

namespace {

limit_kind kind_from(const std::string& name) {
  for (std::size_t kind = 0; kind < leased_kinds; ++kind)
    if (to_string(static_cast<limit_kind>(kind)) == name) return static_cast<limit_kind>(kind);
  throw std::runtime_error("the ledger has a kind of limit that this gateway does not know");
}

std::chrono::sys_days day_from(const std::string& date) {
  const auto begins = from_rfc3339(date + "T00:00:00Z");
  if (!begins) throw std::runtime_error("the ledger has a day that is none");
  return day_of(*begins);
}

} // namespace

const char* const select_of_instance =
    "SELECT day, scope, account, kind, owner, amount, begins, ends FROM granted WHERE owner >= ? AND owner < ?"
    " ORDER BY day, scope, account, kind, owner";

std::int64_t to_stored(timestamp moment) { return moment.time_since_epoch().count(); }

timestamp moment_from(std::int64_t stored) { return timestamp{std::chrono::milliseconds{stored}}; }

void bind_entry(SQLite::Statement& statement, const ledger_entry& entry) {
  statement.bind(1, to_string(entry.day));
  statement.bind(2, std::string(to_string(entry.scope)));
  statement.bind(3, entry.account);
  statement.bind(4, std::string(to_string(entry.kind)));
}

owned_grant read_grant(SQLite::Statement& row) {
  owned_grant grant;
  grant.entry.day = day_from(row.getColumn(0).getString());
  grant.entry.scope =
      row.getColumn(1).getString() == to_string(limit_scope::key) ? limit_scope::key : limit_scope::tenant;
  grant.entry.account = row.getColumn(2).getString();
  grant.entry.kind = kind_from(row.getColumn(3).getString());
  grant.owner = row.getColumn(4).getString();
  grant.amount = from_stored(row.getColumn(5).getInt64());
  grant.entry.begins = moment_from(row.getColumn(6).getInt64());
  grant.entry.ends = moment_from(row.getColumn(7).getInt64());
  return grant;
}

} // namespace gateway

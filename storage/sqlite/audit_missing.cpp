#include "storage/sqlite/audit_missing.hpp"

#include "storage/audit_codec.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace gateway {

namespace {

using identity = std::pair<std::string, std::string>; ///< Moment and id.

identity identity_of(std::string_view bytes, audit_record& record) {
  if (!decode_record(bytes, record)) throw std::runtime_error("what is to be appended is no record");
  return {to_audit_moment(record.created_at), record.id};
}

constexpr auto between = R"(
  SELECT r.created_at, r.id FROM audit_segments s CROSS JOIN audit_records r
    WHERE s.oldest <= ?2 AND s.newest >= ?1
      AND r.sequence >= s.segment * ?3 AND r.sequence < (s.segment + 1) * ?3
      AND r.created_at >= ?1 AND r.created_at <= ?2
  UNION ALL
  SELECT r.created_at, r.id FROM audit_records r
    WHERE r.sequence >= (SELECT coalesce(max(segment) + 1, 0) FROM audit_segments) * ?3
      AND r.created_at >= ?1 AND r.created_at <= ?2
)";

} // namespace

std::vector<std::string_view> find_missing_records(SQLite::Database& database, encoded_records records) {
  if (records.empty()) return {};
  std::vector<std::pair<identity, std::string_view>> wanted;
  wanted.reserve(records.size());
  audit_record record;
  for (const auto bytes : records) wanted.emplace_back(identity_of(bytes, record), bytes);
  const auto [first, last] = std::ranges::minmax_element(wanted, {}, [](const auto& each) { return each.first.first; });
  // Of the log's there may be many more.
  std::set<identity> unseen;
  for (const auto& each : wanted) unseen.insert(each.first);
  SQLite::Statement row(database, between);
  row.bindNoCopy(1, first->first.first);
  row.bindNoCopy(2, last->first.first);
  row.bind(3, audit_segment_size);
  while (row.executeStep()) unseen.erase({row.getColumn(0).getString(), row.getColumn(1).getString()});
  std::vector<std::string_view> missing;
  for (const auto& [name, bytes] : wanted)
    if (unseen.erase(name) > 0) missing.push_back(bytes);
  return missing;
}

} // namespace gateway

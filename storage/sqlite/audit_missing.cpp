#include "storage/sqlite/audit_missing.hpp"

#include "storage/audit_codec.hpp"
#include "storage/sqlite/audit_blocks.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace gateway {

namespace {

using identity = std::pair<timestamp, std::string>; ///< Moment and id.

identity identity_of(std::string_view bytes, audit_record& record) {
  if (!decode_record(bytes, record)) throw std::runtime_error("what is to be appended is no record");
  return {record.created_at, record.id};
}

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
  block_cursor blocks(database, {.oldest = first->first.first, .newest = last->first.first});
  blocks.visit([&](std::int64_t, const audit_record& found) { unseen.erase({found.created_at, found.id}); });
  std::vector<std::string_view> missing;
  for (const auto& [name, bytes] : wanted)
    if (unseen.erase(name) > 0) missing.push_back(bytes);
  return missing;
}

} // namespace gateway

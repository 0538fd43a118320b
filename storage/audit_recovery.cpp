#include "storage/audit_recovery.hpp"

#include "storage/audit_codec.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace gateway {
namespace {

/// Records in one commit.
constexpr std::size_t batch = 4096;

/// Those that the log does not have yet.
result<void> append_all(audit_store& log, const std::vector<audit_record>& records) {
  std::vector<std::string> bytes(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) encode(records[i], bytes[i]);
  const std::vector<std::string_view> all(bytes.begin(), bytes.end());
  const auto missing = log.missing(encoded_records(all));
  if (!missing) return tl::unexpected(missing.error());
  for (encoded_records rest(*missing); !rest.empty();) {
    const auto some = rest.first(std::min(batch, rest.size()));
    if (auto done = log.append(some); !done) return done;
    rest = rest.subspan(some.size());
  }
  return {};
}

/// Each request once: settled ones in the order of their ends, then the others in that of their beginnings.
std::vector<audit_record> records_of(std::vector<audit_entry>& entries, interrupted_policy policy,
                                     recovered_audit& found) {
  std::vector<audit_record> records;
  std::unordered_set<std::string> settled;
  for (auto& each : entries)
    if (each.what == audit_entry::phase::settled && settled.insert(each.record.id).second)
      records.push_back(std::move(each.record));
  found.settled = records.size();
  // Whoever was admitted more than once held what the last one says.
  std::unordered_map<std::string_view, std::size_t> places;
  for (const auto& each : entries) {
    if (each.what != audit_entry::phase::admitted || settled.contains(each.record.id)) continue;
    const auto [place, is_new] = places.emplace(each.record.id, records.size());
    if (is_new)
      records.push_back(interrupted_record(each, policy));
    else
      records[place->second] = interrupted_record(each, policy);
  }
  found.interrupted = places.size();
  return records;
}

} // namespace

audit_record interrupted_record(const audit_entry& admitted, interrupted_policy policy) {
  auto record = admitted.record;
  record.status = 0;
  record.error_code = to_string(ec::interrupted);
  const auto prompt = record.usage.prompt_tokens;
  record.usage.completion_tokens = admitted.held.tokens > prompt ? admitted.held.tokens - prompt : 0;
  record.source = usage_source::estimated;
  record.counted = policy == interrupted_policy::charge;
  record.cost = record.counted ? admitted.held.cost : 0;
  return record;
}

result<recovered_audit> recover_audit(audit_store& log, audit_journal& journal, interrupted_policy policy) {
  auto contents = journal.replay();
  if (!contents) return tl::unexpected(std::move(contents.error()));
  recovered_audit found;
  found.cut = contents->cut;
  const auto records = records_of(contents->entries, policy, found);
  if (auto done = append_all(log, records); !done) return tl::unexpected(std::move(done.error()));
  if (contents->entries.empty() && contents->marks.empty()) return found;
  if (auto done = journal.compact(journal_pieces(), true); !done) return tl::unexpected(std::move(done.error()));
  return found;
}

} // namespace gateway

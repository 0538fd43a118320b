#include "storage/sqlite/audit_query.hpp"

#include "storage/audit_store.hpp"
#include "storage/sqlite/audit_blocks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace gateway {

namespace {

block_range range_of(const audit_query& query) {
  constexpr std::uint64_t end = std::numeric_limits<std::int64_t>::max();
  block_range range;
  range.before = static_cast<std::int64_t>(std::min(query.before.value_or(end), end));
  range.oldest = query.from;
  if (query.to) range.newest = *query.to - std::chrono::milliseconds{1};
  range.backwards = true;
  return range;
}

// Passes over records that cannot be meant, without their bytes.
class tag_filter {
 public:
  explicit tag_filter(const audit_query& query) {
    if (!query.tenant_id.empty()) tenant_ = audit_tag(query.tenant_id);
    if (query.request_id) request_ = audit_tag(*query.request_id);
  }
  bool may_match(const block_entry& entry) const {
    return (!tenant_ || entry.tenant == *tenant_) && (!request_ || entry.request == *request_);
  }

 private:
  std::optional<std::uint32_t> tenant_;
  std::optional<std::uint32_t> request_;
};

} // namespace

audit_page find_audit_records(SQLite::Database& database, const audit_query& query) {
  const auto range = range_of(query);
  const tag_filter tags(query);
  const std::size_t limit = std::clamp(query.limit, 1U, 1000U);
  audit_page page;
  audit_record record;
  block_cursor blocks(database, range);
  while (blocks.step()) {
    for (auto place = blocks.head().count; place-- > 0;) {
      const auto sequence = blocks.head().first + static_cast<std::int64_t>(place);
      if (sequence >= range.before || !tags.may_match(blocks.directory().at(place))) continue;
      blocks.read(place, record);
      if (!matches(record, query)) continue;
      if (page.rows.size() == limit) {
        // One more than was asked for only says that there is a next page.
        page.next = page.rows.back().sequence;
        return page;
      }
      page.rows.push_back({static_cast<std::uint64_t>(sequence), record});
    }
  }
  return page;
}

void visit_counted_records(SQLite::Database& database, timestamp from,
                           const std::function<void(const audit_record&)>& visit) {
  block_cursor blocks(database, {.oldest = from});
  blocks.visit([&](std::int64_t, const audit_record& record) {
    if (record.counted && record.created_at >= from) visit(record);
  });
}

} // namespace gateway

#include "storage/audit_store.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace gateway {

namespace {

bool matches(const audit_record& record, const audit_query& query) {
  return (query.tenant_id.empty() || record.tenant_id == query.tenant_id) &&
         (!query.from || record.created_at >= *query.from) && (!query.to || record.created_at < *query.to) &&
         (!query.key_id || record.key_id == *query.key_id) && (!query.status || record.status == *query.status) &&
         (!query.model || record.model == *query.model) &&
         (!query.request_id || record.request_id == *query.request_id);
}

class memory_audit_store final : public audit_store {
 public:
  result<void> append(const std::vector<audit_record>& records) override {
    for (const auto& record : records) {
      if (known_.emplace(record.created_at, record.id).second) records_.push_back(record);
    }
    return {};
  }

  result<audit_page> read(const audit_query& query) override {
    const std::size_t limit = std::clamp(query.limit, 1U, 1000U);
    // A record's number is its place, from 1 on.
    auto number = std::min<std::uint64_t>(records_.size() + 1, query.before.value_or(records_.size() + 1));
    audit_page page;
    std::uint64_t last = 0;
    while (number > 1 && !page.next) {
      const auto& record = records_[--number - 1];
      if (!matches(record, query)) continue;
      if (page.rows.size() == limit) {
        page.next = last;
      } else {
        page.rows.push_back({number, record});
        last = number;
      }
    }
    return page;
  }

  result<usage_rows> usage(const usage_query&) override { return usage_rows{}; }

  result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) override {
    for (const auto& record : records_)
      if (record.counted && record.created_at >= from) visit(record);
    return {};
  }

  result<void> check() override { return {}; }

 private:
  std::vector<audit_record> records_;
  std::set<std::pair<timestamp, std::string>> known_;
};

} // namespace

std::unique_ptr<audit_store> make_memory_audit_store() { return std::make_unique<memory_audit_store>(); }

} // namespace gateway

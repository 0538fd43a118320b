#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"
#include "storage/usage_sums.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <set>
#include <utility>

namespace gateway {

namespace {

class memory_audit_store final : public audit_store {
 public:
  using audit_store::append;

  result<void> append(encoded_records records) override {
    for (const auto bytes : records) {
      audit_record record;
      if (!decode_record(bytes, record)) return tl::unexpected(unavailable("what is to be appended is no record"));
      known_.emplace(record.created_at, record.id);
      records_.push_back({++head_, record});
      add_to(usage_, record);
    }
    return {};
  }

  result<std::vector<std::string_view>> missing(encoded_records records) override {
    auto known = known_;
    std::vector<std::string_view> found;
    audit_record record;
    for (const auto bytes : records) {
      if (!decode_record(bytes, record)) return tl::unexpected(unavailable("what is to be appended is no record"));
      if (known.emplace(record.created_at, record.id).second) found.push_back(bytes);
    }
    return found;
  }

  result<audit_page> read(const audit_query& query) override {
    const std::size_t limit = std::clamp(query.limit, 1U, 1000U);
    audit_page page;
    for (auto row = records_.rbegin(); row != records_.rend() && !page.next; ++row) {
      if (query.before && row->sequence >= *query.before) continue;
      if (!matches(row->record, query)) continue;
      if (page.rows.size() == limit) {
        page.next = page.rows.back().sequence;
      } else {
        page.rows.push_back(*row);
      }
    }
    return page;
  }

  result<usage_rows> usage(const usage_query& query) override {
    usage_report report(query);
    for (const auto& [place, count] : usage_) report.add(place, count);
    return report.rows();
  }

  result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) override {
    for (const auto& [sequence, record] : records_)
      if (record.counted && record.created_at >= from) visit(record);
    return {};
  }

  result<bool> trim(const audit_retention& keep, timestamp now) override {
    const auto is_old = [&](const audit_record& record) {
      return keep.days != 0 && record.created_at < now - std::chrono::days{keep.days};
    };
    constexpr std::size_t step = 1024;
    std::size_t deleted = 0;
    for (; deleted < step && !records_.empty(); ++deleted) {
      const auto& oldest = records_.front().record;
      if (!is_old(oldest) && (keep.max_bytes == 0 || bytes() <= keep.max_bytes)) break;
      known_.erase({oldest.created_at, oldest.id});
      records_.pop_front();
    }
    return deleted > 0;
  }

  result<void> check() override { return {}; }

 private:
  std::uint64_t bytes() const { return records_.size() * sizeof(audit_row); }

  std::deque<audit_row> records_;
  std::uint64_t head_ = 0;
  usage_sums usage_;
  std::set<std::pair<timestamp, std::string>> known_;
};

} // namespace

std::unique_ptr<audit_store> make_memory_audit_store() { return std::make_unique<memory_audit_store>(); }

} // namespace gateway

#pragma once

#include "actors/messages.hpp"
#include "storage/audit_store.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

using audit_entries = std::vector<audit_entry>;

/// An audit store that counts its commits, and fails when it is told to.
class counting_audit_store : public audit_store {
 public:
  /// The records of each commit, in order, also of those that failed.
  std::vector<std::size_t> commits;
  /// Runs while a commit is under way.
  std::function<void()> during_commit = [] {};
  /// Says of each commit, numbered from 1, whether it fails.
  std::function<bool(std::size_t)> fails = [](std::size_t) { return false; };
  /// And whether it only says so.
  std::function<bool(std::size_t)> lies = [](std::size_t) { return false; };
  bool is_there = true;

  using audit_store::append;

  result<void> append(encoded_records records) override {
    commits.push_back(records.size());
    during_commit();
    if (!is_there || fails(commits.size())) return refusal();
    auto written = inner_->append(records);
    return lies(commits.size()) ? refusal() : written;
  }
  result<std::vector<std::string_view>> missing(encoded_records records) override {
    if (!is_there) return refusal();
    return inner_->missing(records);
  }
  result<usage_rows> usage(const usage_query& query) override { return inner_->usage(query); }
  result<audit_page> read(const audit_query& query) override { return inner_->read(query); }
  result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) override {
    return inner_->visit_counted(from, visit);
  }
  result<bool> trim(const audit_retention& keep, timestamp now) override { return inner_->trim(keep, now); }
  result<void> check() override {
    if (!is_there) return refusal();
    return {};
  }

 private:
  static tl::unexpected<failure> refusal() { return tl::unexpected(unavailable("database or disk is full")); }

  std::unique_ptr<audit_store> inner_ = make_memory_audit_store();
};

/// So many records of a tenant, the first with this number as its id.
inline std::vector<audit_record> sample_records(std::size_t count, std::size_t first = 0) {
  std::vector<audit_record> records(count);
  for (auto& record : records) {
    record.id = std::to_string(first++);
    record.tenant_id = "acme";
  }
  return records;
}

/// The same, as entries of requests that have ended.
inline audit_entries sample_entries(std::size_t count, std::size_t first = 0) {
  audit_entries entries;
  for (auto& record : sample_records(count, first))
    entries.push_back({audit_entry::phase::settled, std::move(record), {}});
  return entries;
}

/// The same, of requests that begin.
inline audit_entries sample_admissions(std::size_t count, std::size_t first = 0) {
  audit_entries entries;
  for (auto& record : sample_records(count, first))
    entries.push_back({audit_entry::phase::admitted, std::move(record), {10, 100}});
  return entries;
}

/// Every record of that tenant, as the store has them.
inline audit_query everything() {
  audit_query query;
  query.tenant_id = "acme";
  query.limit = 1000;
  return query;
}

} // namespace gateway::test

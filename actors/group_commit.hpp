#pragma once

#include "actors/audit_index.hpp"
#include "domain/error.hpp"
#include "storage/audit_batch.hpp"
#include "storage/audit_journal.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace gateway {

/// Gathers entries and commits them to the journal in groups. Each asker hears once what became of its entries.
class group_commit {
 public:
  using answer = std::function<void(const result<void>&)>;

  /// What is committed is handed to `index`, which outlives it.
  group_commit(std::shared_ptr<audit_journal> journal, audit_index& index, const audit_settings& how);
  group_commit(const group_commit&) = delete;
  group_commit& operator=(const group_commit&) = delete;
  /// Whoever still waits is told that its entries were not committed.
  ~group_commit();

  /// Entries that wait for a commit.
  void add(audit_batch_ptr entries, answer then);
  bool is_pending() const { return !waiting_.empty(); }

  /// Commits the next group: askers in their order as long as their entries fit into one batch; an asker that brought
  /// more is a group of its own. After a failure none of a group is committed. Needs something pending.
  void commit_group();
  /// Commits group after group until nothing is pending.
  void commit_all();

  /// Whether the journal takes entries.
  result<void> check() { return journal_->check(); }

 private:
  struct ask {
    audit_batch_ptr entries;
    answer then;
  };

  std::vector<ask> take_group();
  result<void> write(const std::vector<ask>& group);

  std::shared_ptr<audit_journal> journal_;
  audit_index& index_;
  std::size_t batch_;
  bool sync_;
  std::deque<ask> waiting_;
};

} // namespace gateway

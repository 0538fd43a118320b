#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"
#include "storage/audit_store.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace gateway {

/// Gathers records and commits them in groups. Each asker hears once what became of its records.
class group_commit {
 public:
  using answer = std::function<void(const result<void>&)>;

  /// `batch`: the most records of one commit, at least 1.
  group_commit(std::shared_ptr<audit_store> store, std::size_t batch);
  group_commit(const group_commit&) = delete;
  group_commit& operator=(const group_commit&) = delete;
  /// Whoever still waits is told that its records were not committed.
  ~group_commit();

  /// Records that wait for a commit.
  void add(std::vector<audit_record> records, answer then);
  bool is_pending() const { return !waiting_.empty(); }

  /// Commits the next group: askers in their order as long as their records fit into one batch. An asker that brought
  /// more than a batch is a group of its own, in several commits. After a failure none of a group counts as committed;
  /// as writing a record twice leaves one, its askers may come again with all of it. Needs something pending.
  void commit_group();
  /// Commits group after group until nothing is pending.
  void commit_all();

  /// Whether the store answers, and took the last commit.
  result<void> check();

 private:
  struct ask {
    std::vector<audit_record> records;
    answer then;
  };

  std::vector<ask> take_group();
  result<void> write(std::vector<ask>& group);

  std::shared_ptr<audit_store> store_;
  std::size_t batch_;
  std::deque<ask> waiting_;
  bool healthy_ = true;
};

} // namespace gateway

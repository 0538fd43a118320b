#pragma once

#include "actors/messages.hpp"
#include "storage/audit_journal.hpp"
#include "storage/journal/groups.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace gateway::test {

/// A journal that counts its commits, and fails when it is told to.
class counting_audit_journal : public audit_journal {
 public:
  /// The entries of each commit, in order, also of those that failed.
  std::vector<std::size_t> commits;
  std::size_t synced = 0; ///< Those of them that waited for the disk.
  /// How many entries were kept each time that it was shortened.
  std::vector<std::size_t> shortened;
  /// Runs while a commit is under way.
  std::function<void()> during_commit = [] {};
  /// Says of each commit, numbered from 1, whether it fails.
  std::function<bool(std::size_t)> fails = [](std::size_t) { return false; };
  bool is_there = true;
  bool is_readable = true;

  using audit_journal::append;
  using audit_journal::compact;

  result<void> append(journal_pieces pieces, bool sync) override {
    commits.push_back(count(pieces));
    if (sync) ++synced;
    during_commit();
    if (!is_there || fails(commits.size())) return refusal();
    return inner_->append(pieces, sync);
  }
  result<journal_contents> replay() override {
    if (!is_readable) return refusal();
    return inner_->replay();
  }
  result<void> compact(journal_pieces open, bool sync) override {
    if (!is_there) return refusal();
    shortened.push_back(count(open));
    return inner_->compact(open, sync);
  }
  std::uint64_t bytes() const override { return inner_->bytes(); }
  result<void> check() override {
    if (!is_there) return refusal();
    return {};
  }

 private:
  static std::size_t count(journal_pieces pieces) {
    journal_contents found;
    for (const auto piece : pieces) (void)read_entries(piece, found);
    return found.entries.size();
  }
  static tl::unexpected<failure> refusal() { return tl::unexpected(unavailable("no space left on device")); }

  std::unique_ptr<audit_journal> inner_ = make_memory_audit_journal();
};

} // namespace gateway::test

#include "actors/group_commit.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gateway {

group_commit::group_commit(std::shared_ptr<audit_journal> journal, audit_index& index, const audit_settings& how)
    : journal_(std::move(journal)), index_(index), batch_(std::max<std::size_t>(how.batch, 1)), sync_(how.sync) {}

group_commit::~group_commit() {
  const result<void> stopped = tl::unexpected(unavailable("the audit log is being restarted: record again"));
  for (auto& asker : waiting_) asker.then(stopped);
}

void group_commit::add(audit_batch_ptr entries, answer then) {
  if (entries->empty())
    then({});
  else
    waiting_.push_back({std::move(entries), std::move(then)});
}

void group_commit::commit_group() {
  auto group = take_group();
  const auto written = write(group);
  for (auto& asker : group) asker.then(written);
}

void group_commit::commit_all() {
  while (is_pending()) commit_group();
}

std::vector<group_commit::ask> group_commit::take_group() {
  std::vector<ask> group;
  std::size_t entries = 0;
  do {
    entries += waiting_.front().entries->size();
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  } while (!waiting_.empty() && entries + waiting_.front().entries->size() <= batch_);
  return group;
}

result<void> group_commit::write(const std::vector<ask>& group) {
  std::vector<audit_batch_ptr> fresh;
  std::vector<std::string_view> pieces;
  for (const auto& asker : group) {
    if (index_.has(*asker.entries)) continue;
    pieces.push_back(asker.entries->bytes());
    fresh.push_back(asker.entries);
  }
  if (fresh.empty()) return {};
  if (auto written = journal_->append(journal_pieces(pieces), sync_); !written) return written;
  for (const auto& each : fresh) index_.take(each);
  return {};
}

} // namespace gateway

#include "actors/group_commit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway {

group_commit::group_commit(std::shared_ptr<audit_store> store, std::size_t batch)
    : store_(std::move(store)), batch_(std::max<std::size_t>(batch, 1)) {}

group_commit::~group_commit() {
  const result<void> stopped = tl::unexpected(unavailable("the audit log is being restarted: record again"));
  for (auto& asker : waiting_) asker.then(stopped);
}

void group_commit::add(std::vector<audit_record> records, answer then) {
  if (records.empty())
    then({});
  else
    waiting_.push_back({std::move(records), std::move(then)});
}

void group_commit::commit_group() {
  auto group = take_group();
  auto written = write(group);
  healthy_ = written.has_value();
  for (auto& asker : group) asker.then(written);
}

void group_commit::commit_all() {
  while (is_pending()) commit_group();
}

result<void> group_commit::check() {
  auto checked = store_->check();
  if (!checked || healthy_) return checked;
  return tl::unexpected(unavailable("the audit log could not be written the last time"));
}

std::vector<group_commit::ask> group_commit::take_group() {
  std::vector<ask> group;
  std::size_t records = 0;
  do {
    records += waiting_.front().records.size();
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  } while (!waiting_.empty() && records + waiting_.front().records.size() <= batch_);
  return group;
}

result<void> group_commit::write(std::vector<ask>& group) {
  std::vector<audit_record> records;
  for (auto& asker : group) std::ranges::move(asker.records, std::back_inserter(records));
  if (records.size() <= batch_) return store_->append(records);
  for (auto first = records.begin(); first != records.end();) {
    auto last = first + std::min<std::ptrdiff_t>(std::ssize(records) - (first - records.begin()),
                                                 static_cast<std::ptrdiff_t>(batch_));
    auto written = store_->append({std::move_iterator(first), std::move_iterator(last)});
    if (!written) return written;
    first = last;
  }
  return {};
}

} // namespace gateway

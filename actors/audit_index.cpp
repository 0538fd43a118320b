#include "actors/audit_index.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway {

audit_index::audit_index(std::shared_ptr<audit_store> log, std::shared_ptr<audit_journal> journal,
                         const audit_settings& how)
    : log_(std::move(log)), journal_(std::move(journal)), how_(how) {}

result<void> audit_index::rebuild() {
  if (rebuilt_) return {};
  auto held = journal_->replay();
  if (!held) return tl::unexpected(std::move(held.error()));
  if (held->entries.empty()) shortest_ = journal_->bytes();
  for (auto& each : held->entries) take(std::move(each));
  rebuilt_ = true;
  return {};
}

bool audit_index::is_new(const audit_entry& entry) const {
  if (settled_.contains(entry.record.id)) return false;
  if (entry.what == audit_entry::phase::settled) return true;
  const auto known = open_.find(entry.record.id);
  return known == open_.end() || known->second != entry;
}

void audit_index::take(audit_entry entry) {
  if (!is_new(entry)) return;
  if (entry.what == audit_entry::phase::admitted) {
    auto id = entry.record.id;
    open_.insert_or_assign(std::move(id), std::move(entry));
    return;
  }
  open_.erase(entry.record.id);
  settled_.insert(entry.record.id);
  queue_.push_back(std::move(entry.record));
}

result<void> audit_index::write_batch() {
  if (writing_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(how_.batch, queue_.size()));
    const auto end = queue_.begin() + count;
    writing_.assign(std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  if (writing_.empty()) return {};
  auto written = log_->append(writing_);
  if (written) writing_.clear();
  if (fails_ == written.has_value())
    how_.on_event(written ? "audit_log_works" : "audit_log_fails", written ? std::string() : written.error().message);
  fails_ = !written;
  return written;
}

result<void> audit_index::write_all(std::uint64_t growth) {
  while (waiting() > 0)
    if (auto written = write_batch(); !written) return written;
  if (has_grown_by(growth)) shorten();
  return {};
}

void audit_index::shorten() {
  std::vector<audit_entry> open;
  open.reserve(open_.size());
  for (const auto& [id, each] : open_) open.push_back(each);
  std::ranges::sort(open, {}, [](const audit_entry& each) { return each.record.created_at; });
  if (journal_->compact(open, how_.sync)) settled_.clear();
  // Also where it did not work now: it is tried again when there is as much to gain.
  shortest_ = journal_->bytes();
}

} // namespace gateway

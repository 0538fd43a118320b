#include "actors/audit_index.hpp"

#include <algorithm>
#include <array>
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
  take(batch_of(held->entries));
  doubtful_ = queue_.size();
  marks_ = std::move(held->marks);
  rebuilt_ = true;
  return {};
}

bool audit_index::has(const audit_batch& batch) const {
  const auto last = marks_.find(batch.mark().source);
  return last != marks_.end() && batch.mark().number <= last->second;
}

void audit_index::take(const audit_batch_ptr& batch) {
  if (batch->mark().source != 0) marks_[batch->mark().source] = batch->mark().number;
  for (std::size_t i = 0; i < batch->size(); ++i) {
    const auto bytes = batch->entry(i);
    const auto entry = view_entry(bytes);
    open_.erase(entry.id);
    if (entry.what == audit_entry::phase::settled) {
      queue_.push_back({batch, entry.record});
      continue;
    }
    // A copy: a request may run for long, and would keep the whole batch.
    std::string kept(bytes);
    const auto id = view_entry(kept).id;
    open_.emplace(id, std::move(kept));
  }
}

result<void> audit_index::write_batch() {
  if (queue_.empty()) return {};
  auto written = resolve_doubts();
  if (written) written = append_front(std::min(how_.batch, queue_.size()));
  if (fails_ == written.has_value())
    how_.on_event(written ? "audit_log_works" : "audit_log_fails", written ? std::string() : written.error().message);
  fails_ = !written;
  return written;
}

result<void> audit_index::resolve_doubts() {
  if (doubtful_ == 0) return {};
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(doubtful_);
  std::vector<std::string_view> records;
  std::transform(queue_.begin(), end, std::back_inserter(records), [](const auto& each) { return each.bytes; });
  auto missing = log_->missing(encoded_records(records));
  if (!missing) return tl::unexpected(std::move(missing.error()));
  // Both are in the same order, and refer to the same bytes.
  auto next = missing->begin();
  const auto is_there = [&](const waiting_record& each) {
    if (next == missing->end() || next->data() != each.bytes.data()) return true;
    ++next;
    return false;
  };
  queue_.erase(std::remove_if(queue_.begin(), end, is_there), end);
  doubtful_ = 0;
  return {};
}

result<void> audit_index::append_front(std::size_t count) {
  if (count == 0) return {};
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::string_view> records;
  records.reserve(count);
  std::transform(queue_.begin(), end, std::back_inserter(records), [](const auto& each) { return each.bytes; });
  auto written = log_->append(encoded_records(records));
  if (written)
    queue_.erase(queue_.begin(), end);
  else
    doubtful_ = count; // A commit that fails may have reached the disk all the same.
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
  for (const auto& [id, bytes] : open_) {
    std::string_view from = bytes;
    if (auto entry = decode_entry(from)) open.push_back(std::move(*entry));
  }
  std::ranges::sort(open, {}, [](const audit_entry& each) { return each.record.created_at; });
  const auto entries = batch_of(open);
  std::string marks;
  for (const auto& [source, number] : marks_) encode(batch_mark{source, number}, marks);
  const std::array<std::string_view, 2> pieces{marks, entries->bytes()};
  (void)journal_->compact(journal_pieces(pieces), how_.sync);
  // Also where it did not work now: it is tried again when there is as much to gain.
  shortest_ = journal_->bytes();
}

} // namespace gateway

#include "tests/simulation/outbox.hpp"

#include <algorithm>
#include <utility>

namespace gateway::simulation {
namespace {

constexpr std::size_t batch = 4;

} // namespace

std::uint64_t outbox::add(audit_entry entry) {
  waiting_.push_back(std::move(entry));
  return ++added_;
}

void outbox::pump() {
  if (sent_ > 0 || waiting_.empty() || !in_.people().audit) return;
  if (!batch_) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(batch, waiting_.size()));
    batch_ = batch_of({waiting_.begin(), waiting_.begin() + count}, {1, ++batches_});
  }
  sent_ = batch_->size();
  in_.callers().ask<void>(
      "record", [this](const result<void>& written) { on_answer(written.has_value()); }, in_.people().audit,
      record_atom::value, batch_);
}

void outbox::on_answer(bool went_well) {
  const auto count = std::exchange(sent_, 0);
  if (!went_well) return;
  batch_ = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    auto& entry = waiting_.front();
    auto& promised = promised_[entry.record.id];
    promised.settled = promised.settled || entry.what == audit_entry::phase::settled;
    promised.record = std::move(entry.record);
    waiting_.pop_front();
  }
  committed_ += count;
}

} // namespace gateway::simulation

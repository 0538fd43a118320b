#include "storage/audit_batch.hpp"

namespace gateway {

audit_batch::audit_batch(batch_mark mark) : mark_(mark) {
  if (mark_.source != 0) encode(mark_, bytes_);
}

void audit_batch::add(audit_entry::phase what, const audit_record& record, const quota_amount& held) {
  starts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  encode(what, record, held, bytes_);
  if (what == audit_entry::phase::settled) ++settled_;
}

std::string_view audit_batch::entry(std::size_t at) const {
  const auto end = at + 1 < starts_.size() ? starts_[at + 1] : bytes_.size();
  return std::string_view(bytes_).substr(starts_[at], end - starts_[at]);
}

audit_batch_ptr batch_of(const std::vector<audit_entry>& entries, batch_mark mark) {
  auto batch = std::make_shared<audit_batch>(mark);
  for (const auto& each : entries) batch->add(each);
  return batch;
}

} // namespace gateway

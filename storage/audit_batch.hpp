#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Entries on their way into the journal, as the bytes that it keeps: written once, where they arise, and never copied
/// into anything else until they are in a block of the log.
class audit_batch {
 public:
  explicit audit_batch(batch_mark mark = {});

  void add(audit_entry::phase what, const audit_record& record, const quota_amount& held = {});
  void add(const audit_entry& entry) { add(entry.what, entry.record, entry.held); }

  const batch_mark& mark() const { return mark_; }
  /// Of entries.
  std::size_t size() const { return starts_.size(); }
  bool empty() const { return starts_.empty(); }
  /// How many of them are settled.
  std::size_t settled() const { return settled_; }
  /// All of it, the mark included.
  std::string_view bytes() const { return bytes_; }
  /// The bytes of one entry.
  std::string_view entry(std::size_t at) const;

 private:
  batch_mark mark_;
  std::string bytes_;
  std::vector<std::uint32_t> starts_;
  std::size_t settled_ = 0;
};

using audit_batch_ptr = std::shared_ptr<const audit_batch>;

/// These, in a batch that is nobody's.
audit_batch_ptr batch_of(const std::vector<audit_entry>& entries, batch_mark mark = {});

} // namespace gateway

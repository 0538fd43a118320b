#pragma once

#include "actors/audit_settings.hpp"
#include "domain/error.hpp"
#include "storage/audit_batch.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway {

/// What the journal holds and the log does not: requests that still run, and records on their way into the log.
class audit_index {
 public:
  audit_index(std::shared_ptr<audit_store> log, std::shared_ptr<audit_journal> journal, const audit_settings& how);

  /// Takes what the journal holds, once. Until that has worked nothing else may be done.
  result<void> rebuild();

  /// Whether the journal has it already. A source sends its batches in their order, and again until it knows that they
  /// are there.
  bool has(const audit_batch& batch) const;
  /// A batch that the journal holds now.
  void take(const audit_batch_ptr& batch);

  /// Records that are not in the log yet.
  std::size_t waiting() const { return queue_.size(); }
  /// Whether the last attempt to write into the log failed.
  bool fails() const { return fails_; }

  /// Writes up to a batch into the log.
  result<void> write_batch();
  /// Writes all of them, and shortens the journal when it has grown by more than that since the last time.
  result<void> write_all(std::uint64_t growth);
  /// Whether the journal is due to be shortened.
  bool is_long() const { return has_grown_by(how_.journal_bytes); }

 private:
  struct waiting_record {
    audit_batch_ptr batch; ///< Keeps the bytes.
    std::string_view bytes;
  };

  result<void> resolve_doubts();
  result<void> append_front(std::size_t count);
  bool has_grown_by(std::uint64_t bytes) const { return journal_->bytes() > shortest_ + bytes; }
  void shorten();

  std::shared_ptr<audit_store> log_;
  std::shared_ptr<audit_journal> journal_;
  audit_settings how_;
  bool rebuilt_ = false;
  bool fails_ = false;
  std::uint64_t shortest_ = 0;                   ///< The length of the journal when it was shortened.
  std::map<std::uint64_t, std::uint64_t> marks_; ///< The last batch of each source.
  /// The bytes of admitted entries, each by the id in them.
  std::unordered_map<std::string_view, std::string> open_;
  std::deque<waiting_record> queue_;
  std::size_t doubtful_ = 0; ///< So many in front of it may be in the log already.
};

} // namespace gateway

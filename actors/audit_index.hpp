#pragma once

#include "actors/audit_settings.hpp"
#include "domain/audit_record.hpp"
#include "domain/error.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gateway {

/// What the journal holds and the log does not: requests that still run, and records on their way into the log.
class audit_index {
 public:
  audit_index(std::shared_ptr<audit_store> log, std::shared_ptr<audit_journal> journal, const audit_settings& how);

  /// Takes what the journal holds, once. Until that has worked nothing else may be done.
  result<void> rebuild();

  /// Whether it says anything that the journal does not hold yet: a record is settled once, and admitted before.
  bool is_new(const audit_entry& entry) const;
  /// An entry that the journal holds now.
  void take(audit_entry entry);

  /// Records that are not in the log yet.
  std::size_t waiting() const { return queue_.size() + writing_.size(); }
  /// Whether the last attempt to write into the log failed.
  bool fails() const { return fails_; }

  /// Writes up to a batch into the log.
  result<void> write_batch();
  /// Writes all of them, and shortens the journal when it has grown by more than that since the last time.
  result<void> write_all(std::uint64_t growth);
  /// Whether the journal is due to be shortened.
  bool is_long() const { return has_grown_by(how_.journal_bytes); }

 private:
  bool has_grown_by(std::uint64_t bytes) const { return journal_->bytes() > shortest_ + bytes; }
  void shorten();

  std::shared_ptr<audit_store> log_;
  std::shared_ptr<audit_journal> journal_;
  audit_settings how_;
  bool rebuilt_ = false;
  bool fails_ = false;
  std::uint64_t shortest_ = 0;                        ///< The length of the journal when it was shortened.
  std::unordered_map<std::string, audit_entry> open_; ///< By the record's id.
  std::unordered_set<std::string> settled_;           ///< Ids, since the journal was shortened the last time.
  std::deque<audit_record> queue_;
  std::vector<audit_record> writing_; ///< Those in front of the queue, while the log fails.
};

} // namespace gateway

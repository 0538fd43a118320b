#pragma once

#include "domain/api_key.hpp"
#include "domain/audit_record.hpp"
#include "domain/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Answers questions about the audit log. Failures of the medium are `dependency_unavailable`.
class audit_view {
 public:
  virtual ~audit_view() = default;

  /// Newest first.
  virtual result<audit_page> read(const audit_query& query) = 0;
  /// In the order of the groups' names.
  virtual result<usage_rows> usage(const usage_query& query) = 0;
};

/// Whether a query asks for such a record; `before` and `limit` are not about that.
bool matches(const audit_record& record, const audit_query& query);

/// Records in the form of storage/audit_codec.hpp.
using encoded_records = std::span<const std::string_view>;

/// What stays in the audit log. Sums of usage stay whatever is deleted.
struct audit_retention {
  std::uint32_t days = 0;      ///< Older records go, in their order up to the first that is not. 0: none does.
  std::uint64_t max_bytes = 0; ///< Of the medium; over it the oldest records go, whatever their age. 0: no bound.
};

/// Keeps the audit log. Failures of the medium are `dependency_unavailable`.
class audit_store : public audit_view {
 public:
  /// Appends all of them in one commit, in order. Whoever cannot tell whether some are in it asks `missing` first: no
  /// index looks for them at every append.
  virtual result<void> append(encoded_records records) = 0;
  result<void> append(const std::vector<audit_record>& records);
  /// Those that are not in it (by id and moment), each once, in order.
  virtual result<std::vector<std::string_view>> missing(encoded_records records) = 0;
  /// Every record from `from` on that took something from a limit (`counted`), in their order in the log.
  virtual result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) = 0;
  /// Deletes the oldest records that are not to be kept, about a thousand; the numbers of the others stay as they are.
  /// True when it deleted some, and there may be more. Their space is used again by the records to come.
  virtual result<bool> trim(const audit_retention& keep, timestamp now) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=NORMAL: survives kill -9 of the process. Records are chained with
/// `chain_key` (storage/audit_chain.hpp); a log that was chained with another one does not open, except that one
/// without a key gets its first.
result<std::unique_ptr<audit_store>> open_sqlite_audit_store(const std::string& file, const secret& chain_key = {});

/// The same log for reading only, on a connection of its own: it never delays a commit, and none delays it. A store
/// must have opened the file before.
result<std::unique_ptr<audit_view>> open_sqlite_audit_view(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<audit_store> make_memory_audit_store();

} // namespace gateway

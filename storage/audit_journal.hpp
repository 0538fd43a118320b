#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What a journal holds.
struct journal_contents {
  std::vector<audit_entry> entries;             ///< In the order in which they were appended.
  std::map<std::uint64_t, std::uint64_t> marks; ///< The number of the last batch of each source.
  std::uint64_t cut = 0; ///< Bytes at its end that were no whole group when it was opened; they are gone.
};

/// Bytes of entries and marks (storage/audit_codec.hpp), in pieces that follow each other.
using journal_pieces = std::span<const std::string_view>;

/// Keeps audit entries until the audit log has them: cheap to append to, and read only after an end that was not
/// clean. Failures of the medium are `dependency_unavailable`.
class audit_journal {
 public:
  virtual ~audit_journal() = default;

  /// Appends all of them as one group, which survives a crash of the process; with `sync`, of the machine too. After a
  /// failure none of them is in it, and the next call works once the medium does.
  virtual result<void> append(journal_pieces pieces, bool sync) = 0;
  result<void> append(const std::vector<audit_entry>& entries, bool sync);
  /// Everything that is in it.
  virtual result<journal_contents> replay() = 0;
  /// Forgets everything but these. With `sync` what is forgotten is on the disk elsewhere before. After a
  /// failure nothing is forgotten.
  virtual result<void> compact(journal_pieces open, bool sync) = 0;
  result<void> compact(const std::vector<audit_entry>& open, bool sync);
  /// How long it is.
  virtual std::uint64_t bytes() const = 0;
  /// Whether it could take a group now.
  virtual result<void> check() = 0;
};

/// Where the journal of an audit database is.
std::string audit_journal_file(const std::string& audit_db);

/// The journal beside `audit_db`, a file of its own (0600), which is made when it is missing. It is locked while it is
/// open: refused when another process has it. A torn end is cut off; damage with good groups after it is refused.
result<std::unique_ptr<audit_journal>> open_audit_journal(const std::string& audit_db);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<audit_journal> make_memory_audit_journal();

} // namespace gateway

#pragma once

#include "domain/api_key.hpp"
#include "domain/error.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway {

/// The first record that is not as it was written, or not where.
struct audit_flaw {
  std::int64_t sequence = 0;
  std::string what; ///< A sentence about "record <sequence>", or about "the log" as a whole.
};

/// What was found in an audit log.
struct audit_verdict {
  std::uint64_t records = 0;      ///< Those that are as they were written.
  std::int64_t first = 0;         ///< The number of the first that there should be: retention deletes from the front.
  std::int64_t last = 0;          ///< The number of the newest of `records`.
  std::string head;               ///< Its link, in hex. Who keeps it elsewhere can tell a log that was replaced whole.
  std::optional<audit_flaw> flaw; ///< Where it stopped.
};

/// Reads the whole log in its order, in bounded memory, while others write to it. `dependency_unavailable` when it
/// cannot be read.
result<audit_verdict> verify_audit_log(const std::string& file, const secret& chain_key);

/// The verdict in one line, for the operator.
std::string describe(const audit_verdict& verdict);

} // namespace gateway

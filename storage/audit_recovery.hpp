#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"

#include <cstdint>

namespace gateway {

/// What was found when the gateway started.
struct recovered_audit {
  std::uint64_t settled = 0;     ///< Records of requests that had ended; some of them may have been in the log already.
  std::uint64_t interrupted = 0; ///< Records of those that had not.
  std::uint64_t cut = 0;         ///< Bytes of an entry that was being written when the end came.
};

/// The record of a request that the end of the gateway interrupted: what it held is what it used, as far as anybody
/// knows, and counts unless the policy gives it back.
audit_record interrupted_record(const audit_entry& admitted, interrupted_policy policy);

/// Brings the log up to the journal, before anything else uses either: settled records as they are, those that were
/// only admitted as interrupted. The journal is empty then. Doing it again changes nothing.
result<recovered_audit> recover_audit(audit_store& log, audit_journal& journal, interrupted_policy policy);

} // namespace gateway

#pragma once

#include "domain/error.hpp"
#include "storage/audit_store.hpp"
#include "storage/ledger_store.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace gateway {

/// How much came back, by `limit_kind`.
using reconciled = std::array<std::uint64_t, leased_kinds>;

/// After an unclean end: gives back what this instance had leased and, as the audit log says, not used. What the
/// recovery charged to interrupted requests and nobody was granted is granted now, even beyond the limit: such a
/// request had ended and given back what it did not use, but its end was not written down. For the time when none of
/// its shards runs. What others use from the same limits, and records of just before a day or month, are taken for this
/// instance's own, so that never too much comes back. Days and months that began before `complete_from` are left alone:
/// their records may be gone. The log is not read unless something was ever leased.
result<reconciled> reconcile(audit_store& audit, ledger_store& ledger, const std::string& instance,
                             timestamp complete_from);

} // namespace gateway

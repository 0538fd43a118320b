#pragma once

#include "domain/principal.hpp"
#include "domain/quota/quota_decision.hpp"
#include "tests/simulation/disk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::simulation {

/// The limit that a caller with this principal has, by its own key or by its tenant; nothing: unlimited.
std::optional<std::uint64_t> limit_of(const principal& who, limit_scope scope, limit_kind kind);

/// What a request takes of a limit of this kind: itself, its tokens, or its cost.
std::uint64_t share_of(limit_kind kind, std::uint64_t requests, const quota_amount& amount);

/// One limit that applies to a request, and its day or month when it has one. Worked out here once more, so that a
/// mistake of the gateway's calendar does not hide itself.
struct applied_limit {
  limit_scope scope;
  std::string account;
  limit_kind kind;
  std::chrono::sys_days day{}; ///< The local date, or the first of the month; none for what slides.
};
std::vector<applied_limit> limits_of(const principal& who, timestamp now);
/// Every day and month that a request of this key falls into, limited or not.
std::vector<disk::counter> counters_of(const principal& who, timestamp now);

constexpr bool is_leased(limit_kind kind) { return static_cast<std::size_t>(kind) < leased_kinds; }
constexpr bool slides(limit_kind kind) {
  return kind == limit_kind::requests_per_minute || kind == limit_kind::tokens_per_minute;
}

} // namespace gateway::simulation

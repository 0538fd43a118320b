#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"
#include "domain/metrics/worker_metrics.hpp"
#include "domain/principal.hpp"
#include "domain/quota/lease.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/targets/pick.hpp"
#include "storage/audit_batch.hpp"
#include "storage/key_store.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

struct roster;
using roster_ptr = std::shared_ptr<const roster>;

/// What one worker has counted.
using worker_metrics_ptr = std::shared_ptr<const worker_metrics>;

/// Every key, as of one moment.
using key_snapshot = std::shared_ptr<const std::vector<key_record>>;

/// One key as it is now, or nothing when it is gone.
struct key_change {
  std::string key_id;
  std::shared_ptr<const key_record> now;
};

/// What an operator asks for when making a key.
struct new_key {
  std::string tenant_id;
  std::optional<std::string> key_id; ///< The caller's own; nothing: a UUID.
  daily_quota quota;                 ///< Final: the defaults are applied already.
  key_changes rest;                  ///< The other fields.
};

/// A key and, this one time, its secret.
struct issued_key {
  secret key;
  key_record record;
  std::optional<key_record> before; ///< As it was, when it is not new.
};

/// A key before and after a change.
struct changed_key {
  key_record before;
  key_record now;
};

/// The answer of QUOTA: a hold, or the limit that refused.
struct reservation {
  hold_id hold = 0; ///< 0 when refused.
  std::optional<quota_refusal> refused;
  std::optional<limit_balance> requests; ///< The tightest limits, after the hold was taken.
  std::optional<limit_balance> tokens;
};

using lease_wishes = std::vector<lease_wish>;
using leases = std::vector<lease>;
using lease_returns = std::vector<lease_return>;

/// The limits of a tenant, by name; nothing in `limits` when it has none of its own.
struct tenant_record {
  std::string tenant_id;
  std::optional<tenant_limits> limits;
};

/// The limits of a tenant before and after a change.
struct changed_tenant {
  std::optional<tenant_limits> before;
  tenant_limits now;
};

struct acceptor_status {
  std::uint64_t sessions = 0;
  std::uint16_t port = 0;
};

/// One actor, as the supervisor knows it.
struct actor_status {
  std::string name; ///< `auth 0`
  std::uint64_t restarts = 0;
};
using actor_statuses = std::vector<actor_status>;

} // namespace gateway

// Messages never leave the process, so nothing needs to be serialised.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_digest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::timestamp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::chrono::seconds)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::principal_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::roster_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_changes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::key_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::new_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::issued_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::reservation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::limit_balances)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::pick_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::picked_target)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::call_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::target_statuses)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::lease_wishes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::leases)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::lease_returns)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::quota_amount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::tenant_limits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::tenant_record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::changed_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::changed_tenant)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::usage_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::usage_rows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::audit_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::audit_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::audit_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::acceptor_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::actor_statuses)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::worker_metrics_ptr)

#pragma once

#include "actors/messages.hpp"

#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// The catalogue: every actor of the house, and every message it takes, one sentence each.
/// Each may also answer with an error of category "gateway" (runtime/failure.hpp).
namespace gateway {

using authenticate_atom = caf::atom_constant<caf::atom("authentic")>;
using balance_atom = caf::atom_constant<caf::atom("balance")>;
using create_atom = caf::atom_constant<caf::atom("create")>;
using commit_atom = caf::atom_constant<caf::atom("commit")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using erase_atom = caf::atom_constant<caf::atom("erase")>;
using extend_atom = caf::atom_constant<caf::atom("extend")>;
using find_atom = caf::atom_constant<caf::atom("find")>;
using lease_atom = caf::atom_constant<caf::atom("lease")>;
using list_atom = caf::atom_constant<caf::atom("list")>;
using metrics_atom = caf::atom_constant<caf::atom("metrics")>;
using pick_atom = caf::atom_constant<caf::atom("pick")>;
using ping_atom = caf::atom_constant<caf::atom("ping")>;
using query_atom = caf::atom_constant<caf::atom("query")>;
using record_atom = caf::atom_constant<caf::atom("record")>;
using release_atom = caf::atom_constant<caf::atom("release")>;
using report_atom = caf::atom_constant<caf::atom("report")>;
using reserve_atom = caf::atom_constant<caf::atom("reserve")>;
using return_atom = caf::atom_constant<caf::atom("return")>;
using roster_atom = caf::atom_constant<caf::atom("roster")>;
using rotate_atom = caf::atom_constant<caf::atom("rotate")>;
using settle_atom = caf::atom_constant<caf::atom("settle")>;
using status_atom = caf::atom_constant<caf::atom("status")>;
using subscribe_atom = caf::atom_constant<caf::atom("subscribe")>;
using tenant_atom = caf::atom_constant<caf::atom("tenant")>;
using update_atom = caf::atom_constant<caf::atom("update")>;
using usage_atom = caf::atom_constant<caf::atom("usage")>;

/// AUTH: knows every key, and says who is asking. One a worker, each with a table of its own.
using auth_actor = caf::typed_actor<
    // Who holds the key with this digest; invalid_api_key when unknown, disabled or expired at `now`.
    caf::replies_to<authenticate_atom, key_digest, timestamp>::with<principal_ptr>,
    // Takes over a change of one key; answered once it holds.
    caf::replies_to<update_atom, key_change>::with<void>,
    // Takes over these keys as they are now, and leaves the others alone; answered once all of it holds.
    caf::replies_to<update_atom, key_snapshot>::with<void>,
    // Whether the table of the present KEYS is there.
    caf::replies_to<ping_atom>::with<void>,
    // Who the neighbours are now: a new KEYS is asked for its table.
    caf::reacts_to<roster_atom, roster_ptr>>;

/// QUOTA: says whether a request may run, and counts what it used. A shard serves whole tenants.
using quota_actor = caf::typed_actor<
    // Takes every limit of the request, or none of them: one request, and this much besides.
    caf::replies_to<reserve_atom, principal_ptr, quota_amount, timestamp>::with<reservation>,
    // Adds so much to a hold, or nothing. A hold that is not there any more cannot grow: dependency_unavailable.
    caf::replies_to<extend_atom, hold_id, quota_amount, timestamp>::with<reservation>,
    // Turns a hold into usage: one request, and what was really used. A hold of an earlier life was charged already.
    caf::reacts_to<settle_atom, hold_id, quota_amount, timestamp>,
    // Gives a hold back whole.
    caf::reacts_to<release_atom, hold_id>,
    // Where a key stands on each limit.
    caf::replies_to<balance_atom, principal_ptr, timestamp>::with<limit_balances>,
    // Gives every unspent lease back to the ledger; answered once it is written. Reservations are refused from then on.
    caf::replies_to<drain_atom>::with<void>,
    // Whether the ledger is known.
    caf::replies_to<ping_atom>::with<void>,
    // Who the neighbours are now.
    caf::reacts_to<roster_atom, roster_ptr>>;

/// CHAT UPSTREAM: knows how every target does, and picks one for a request. One a worker.
using chat_upstream_actor = caf::typed_actor<
    // A target for a model, or why there is none now (domain/targets/target_table.hpp).
    caf::replies_to<pick_atom, pick_request, timestamp>::with<picked_target>,
    // How a call to a picked target ended, and when.
    caf::reacts_to<report_atom, call_report, timestamp>,
    // How every target does, for the operator.
    caf::replies_to<status_atom, timestamp>::with<target_statuses>>;

/// KEYS: owns the key store. Tells every subscribed AUTH of a change before it answers.
using keys_actor = caf::typed_actor<
    // Makes a key and shows its secret, once; conflict when the key_id is taken.
    caf::replies_to<create_atom, new_key, timestamp>::with<issued_key>,
    // One key; not_found.
    caf::replies_to<find_atom, std::string>::with<key_record>,
    // A page of keys.
    caf::replies_to<list_atom, key_query>::with<key_page>,
    // Changes a key; not_found.
    caf::replies_to<update_atom, std::string, key_changes, timestamp>::with<changed_key>,
    // Takes a key away for good, and shows what it was; not_found.
    caf::replies_to<erase_atom, std::string>::with<key_record>,
    // A new secret; the old one works until the grace ends; not_found.
    caf::replies_to<rotate_atom, std::string, std::chrono::seconds, timestamp>::with<issued_key>,
    // The limits that all keys of a tenant share; a tenant without any is no error.
    caf::replies_to<tenant_atom, std::string>::with<tenant_record>,
    // Sets them; answered once they hold for every key of the tenant.
    caf::replies_to<tenant_atom, std::string, tenant_limits>::with<changed_tenant>,
    // Every key as it is now; from here on the subscriber hears of every change.
    caf::replies_to<subscribe_atom, auth_actor>::with<key_snapshot>,
    // Whether the store answers.
    caf::replies_to<ping_atom>::with<void>>;

/// LEDGER: owns the durable account of which part of each limit was handed to whom.
using ledger_actor = caf::typed_actor<
    // Slices of limits for this owner, written down as spent before the answer. The owner may spend them until a while
    // after `now` (`lease_lifetime`, domain/quota/lease.hpp); each further message of it puts that off.
    caf::replies_to<lease_atom, std::string, lease_wishes, timestamp>::with<leases>,
    // Takes back what this owner did not spend; with nothing to give back it only puts off the end of the others.
    caf::replies_to<return_atom, std::string, lease_returns, timestamp>::with<void>,
    // Whether the store answers.
    caf::replies_to<ping_atom>::with<void>>;

/// AUDIT: owns the audit log, and writes it. What queues up during one commit is the next.
using audit_actor = caf::typed_actor<
    // Writes down what was admitted and what has ended; answered once that is committed. An entry that is there already
    // is left alone.
    caf::replies_to<record_atom, audit_batch_ptr>::with<void>,
    // Makes all that was committed before visible to AUDIT READER; answered once it is.
    caf::replies_to<commit_atom>::with<void>,
    // Whether the store takes records: it answers, and its last commit went well.
    caf::replies_to<ping_atom>::with<void>>;

/// AUDIT READER: answers questions about the audit log, on a connection of its own, so that none delays a commit.
using audit_reader_actor = caf::typed_actor<
    // A page of the log, newest first.
    caf::replies_to<query_atom, audit_query>::with<audit_page>,
    // Sums of what was used.
    caf::replies_to<usage_atom, usage_query>::with<usage_rows>>;

/// ACCEPTOR: lets connections in. One a worker, on that worker's own listening socket.
using acceptor_actor = caf::typed_actor<
    // Who the neighbours are now.
    caf::reacts_to<roster_atom, roster_ptr>,
    // Stops listening and lets no further request start; answered when the last session has ended.
    caf::replies_to<drain_atom>::with<void>,
    // Its sessions, and where it listens.
    caf::replies_to<status_atom>::with<acceptor_status>,
    // What its worker has counted since the start, to be added to what the others have.
    caf::replies_to<metrics_atom>::with<worker_metrics_ptr>,
    // Whether it listens.
    caf::replies_to<ping_atom>::with<void>>;

/// SUPERVISOR: starts all the others in order, restarts who dies, ends them last to first.
using supervisor_actor = caf::typed_actor<
    // Who is there, how often restarted.
    caf::replies_to<status_atom>::with<actor_statuses>,
    // The present roster; answered once everybody is there for the first time, or never will be.
    caf::replies_to<roster_atom>::with<roster_ptr>,
    // Closes the doors, ends everybody, last to first, and then itself; answered when they are gone.
    caf::replies_to<drain_atom>::with<void>>;

/// Handles of everybody who can be asked; replaced as a whole when somebody is restarted.
struct roster {
  std::vector<auth_actor> auth;
  std::vector<quota_actor> quota;
  std::vector<chat_upstream_actor> chat_upstream;
  std::vector<acceptor_actor> acceptors;
  keys_actor keys;
  ledger_actor ledger;
  audit_actor audit;
  audit_reader_actor audit_reader;
  std::map<std::string, std::uint64_t> restarts; ///< Since the start, by kind of actor: `quota`.

  /// The shard that counts for a tenant: the same in every process with as many shards. There must be shards; the
  /// handle may be null when that shard was not started yet.
  const quota_actor& quota_of(std::string_view tenant_id) const;
};

} // namespace gateway

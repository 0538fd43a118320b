#pragma once

#include "domain/money.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/time.hpp"
#include "domain/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What is kept of one request for ever: who, what, where to, how it ended, what it used. An operator's change is a
/// record too.
struct audit_record {
  std::string id; ///< UUID of ours: writing a record twice leaves one.
  timestamp created_at{};
  std::string request_id;
  std::string tenant_id; ///< Empty when nobody was recognised.
  std::string key_id;
  std::string endpoint; ///< The route's pattern, such as `/v1/chat/completions`.
  std::string method;
  std::string model; ///< As the caller asked for it.
  std::string upstream;
  std::string upstream_model;
  int status = 0;         ///< The HTTP status that the caller saw; 0 when that is not known.
  std::string error_code; ///< Empty on success; `PLATFORM_INTERRUPTED` when the gateway ended before the request did.
  bool stream = false;
  token_usage usage;
  usage_source source = usage_source::unknown;
  micro_dollars cost = 0;
  bool counted = false;                 ///< It took its request, tokens and cost from the limits of its key.
  std::uint32_t latency_ms = 0;         ///< From the whole request read to the last byte handed to the caller's socket.
  std::optional<std::uint32_t> ttft_ms; ///< Time to first token; streams only.
  std::uint32_t attempts = 0;           ///< Calls made to upstreams.
  std::string admin;                    ///< The name of the admin token; empty for callers' requests.
  std::string change;                   ///< What an operator changed, as JSON: `before` and `after`. Or empty.
  friend bool operator==(const audit_record&, const audit_record&) = default;
};

/// One step of a record on its way into the log: first admitted, when it is not known yet how it will end, then
/// settled. A request that reaches no upstream is settled only.
struct audit_entry {
  enum class phase : std::uint8_t { admitted, settled };
  phase what = phase::settled;
  audit_record record; ///< Its id makes the two belong together.
  quota_amount held;   ///< Of an admitted one: what it may use at most, as far as is known.
  friend bool operator==(const audit_entry&, const audit_entry&) = default;
};

/// What happens to the hold of a request that was running when the gateway ended.
enum class interrupted_policy : std::uint8_t {
  charge,  ///< It counts as used: the provider may have worked for it.
  release, ///< It goes back.
};

/// A record in its place in the log.
struct audit_row {
  std::uint64_t sequence = 0; ///< Without gaps; from 1.
  audit_record record;
  friend bool operator==(const audit_row&, const audit_row&) = default;
};

/// Which records an operator wants to see. Unset fields match everything.
struct audit_query {
  std::string tenant_id; ///< Required by the endpoint.
  std::optional<timestamp> from;
  std::optional<timestamp> to; ///< Exclusive.
  std::optional<std::string> key_id;
  std::optional<int> status;
  std::optional<std::string> model;
  std::optional<std::string> request_id;
  std::optional<std::uint64_t> before; ///< Only records with a smaller sequence number: the cursor.
  std::uint32_t limit = 100;           ///< 1 to 1000.
};

/// Records newest first, and where the next page starts, when there is one.
struct audit_page {
  std::vector<audit_row> rows;
  std::optional<std::uint64_t> next;
};

/// What a report of usage is broken down by.
enum class usage_group : std::uint8_t { tenant_id, key_id, model, upstream, day };

/// Which usage to add up. `from` and `to` count from the beginning of their hours (UTC).
struct usage_query {
  std::optional<timestamp> from;
  std::optional<timestamp> to; ///< Exclusive.
  std::optional<std::string> tenant_id;
  std::optional<std::string> key_id;
  std::vector<usage_group> group_by; ///< Each at most once; empty: one sum.
};

/// One sum. The fields that were not grouped by are empty.
struct usage_row {
  std::string tenant_id;
  std::string key_id;
  std::string model;
  std::string upstream;
  std::string day; ///< `2026-11-23`, in UTC.
  std::uint64_t requests = 0;
  std::uint64_t errors = 0; ///< Those of them that ended with an error code.
  token_usage usage;
  micro_dollars cost = 0;
  friend bool operator==(const usage_row&, const usage_row&) = default;
};
using usage_rows = std::vector<usage_row>;

} // namespace gateway

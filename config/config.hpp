#pragma once

#include "config/listen_spec.hpp"
#include "config/upstream_spec.hpp"
#include "domain/api_key.hpp"
#include "domain/audit_record.hpp"
#include "domain/principal.hpp"
#include "domain/retry/retry_settings.hpp"
#include "domain/route.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What the admin token is when nobody set one: good for loopback only.
inline constexpr std::string_view default_admin_token = "dev-admin-token";

/// What an operator's token opens.
enum class admin_role : std::uint8_t {
  viewer, ///< Looking only.
  admin,  ///< Everything.
};

/// One operator, or one program of theirs.
struct admin_token {
  std::string name; ///< Stands in the audit log.
  secret token;
  admin_role role = admin_role::admin;
};

struct admin_spec {
  secret token{std::string(default_admin_token)}; ///< Of the name `admin` and that role. Empty: there is none such.
  std::vector<admin_token> tokens;                ///< The others.
};

/// What is kept in the audit log, and how.
struct audit_log_spec {
  std::uint32_t retention_days = 0; ///< 0: for ever.
  std::uint64_t max_bytes = 0;      ///< Of the database; over it the oldest records go. 0: no bound.
  secret chain_key;                 ///< Of the HMAC that chains the records. Empty: anybody can write that chain anew.
  interrupted_policy interrupted = interrupted_policy::charge;
};

/// Paths as the operator wrote them: relative ones count from the working directory.
struct storage_spec {
  std::filesystem::path directory = "data";
  std::filesystem::path gateway_db; ///< Keys and the quota ledger.
  std::filesystem::path audit_db;
};

/// What waits for the commit of a request's first audit record.
enum class audit_durability : std::uint8_t {
  async,   ///< Nothing.
  grouped, ///< The first byte of its answer.
  strict,  ///< The call to the upstream; and the commit is synced to the disk.
};

struct audit_spec {
  std::size_t queue = 65536; ///< Records that may wait; beyond that new requests are refused.
  std::size_t batch = 512;   ///< Records in one commit, at most.
  audit_durability durability = audit_durability::grouped;
};

/// How many of each actor. Zeros stand for a number that `resolved` (config/topology.hpp) works out.
struct topology_spec {
  std::size_t workers = 0;                ///< 0: one a core.
  std::size_t auth_replicas = 0;          ///< 0: one a worker.
  std::size_t quota_shards = 4;           ///< By tenant.
  std::size_t chat_upstream_replicas = 0; ///< 0: one a worker.
  audit_spec audit;
};

struct limits_spec {
  std::size_t connections = 20000;
  std::size_t in_flight = 10000;
  std::uint64_t request_bytes = 33554432;
  std::uint64_t header_bytes = 16384;
  std::uint64_t event_bytes = 16777216;     ///< One event of a stream, or one line of it.
  std::uint64_t answer_bytes = 67108864;    ///< An upstream's answer that is not a stream, decoded.
  std::uint64_t buffered_bytes = 536870912; ///< In all requests and answers together.
};

struct client_timeouts {
  std::chrono::milliseconds header{10'000};
  std::chrono::milliseconds body{60'000};
  std::chrono::milliseconds idle{75'000};
  std::chrono::milliseconds drain{30'000};
  std::chrono::milliseconds stream_keepalive{0}; ///< A comment into a stream that is silent so long; 0: none.
};

struct timeouts_spec {
  client_timeouts client;
  upstream_timeouts upstream; ///< What an upstream starts from; its own `timeouts` are the final ones.
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error, off };

struct log_spec {
  log_level level = log_level::info;
};

/// Everything an operator can say, checked: every name in it resolves and every number is within its bounds.
struct config {
  listen_spec listen;
  admin_spec admin;
  storage_spec storage;
  topology_spec topology;
  limits_spec limits;
  timeouts_spec timeouts;
  retry_settings retry;
  std::map<std::string, upstream_spec> upstreams;
  route_map models;          ///< By model name, or by a pattern with one `*`.
  std::string default_model; ///< Empty: a request must name its model.
  daily_quota quota_defaults{1000, 200'000};
  audit_log_spec audit;
  log_spec log;
};

std::string_view to_string(audit_durability durability);
std::string_view to_string(log_level level);

/// Whether only this machine can reach `host`: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(const std::string& host);

} // namespace gateway

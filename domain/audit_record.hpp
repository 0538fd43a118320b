#pragma once

#include "domain/time.hpp"
#include "domain/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What is kept of one request for ever: who, what, where to, how it ended, what it used.
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
  int status = 0;         ///< The HTTP status that the caller saw.
  std::string error_code; ///< Empty on success.
  bool stream = false;
  token_usage usage;
  usage_source source = usage_source::unknown;
  std::uint32_t latency_ms = 0;         ///< From the whole request read to the last byte handed to the caller's socket.
  std::optional<std::uint32_t> ttft_ms; ///< Time to first token; streams only.
  std::uint32_t attempts = 0;           ///< Calls made to upstreams.
  friend bool operator==(const audit_record&, const audit_record&) = default;
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
  std::vector<audit_record> records;
  std::optional<std::uint64_t> next;
};

} // namespace gateway

#pragma once

#include "domain/metrics/histogram.hpp"
#include "domain/metrics/label_table.hpp"
#include "domain/metrics/request_table.hpp"
#include "domain/money.hpp"
#include "domain/quota/lease.hpp"
#include "domain/targets/breaker.hpp"
#include "domain/usage.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway {

/// The label where there is nothing to name: no endpoint, no model of the config, no error.
inline constexpr std::string_view no_label = "none";

/// A request that has ended, as far as it is counted. An empty label becomes `none`. The labels come from the config
/// and from the program's own tables, never from what a caller sent, so that there are only so many of them.
struct ended_request {
  request_labels_view labels{};
  std::chrono::nanoseconds took{};
  std::chrono::nanoseconds waited{}; ///< Of it, for upstreams.
  std::optional<std::chrono::nanoseconds> first_token{};
  token_usage usage{};
  micro_dollars cost = 0;
};

struct endpoint_times {
  histogram whole;
  histogram own; ///< Without the waiting for upstreams.
};

struct model_totals {
  histogram first_token;
  token_usage tokens;
  micro_dollars cost = 0;
};

/// How many calls to an upstream ended in each way.
class upstream_outcomes {
 public:
  std::uint64_t& operator[](verdict how) { return counts_[static_cast<std::size_t>(how)]; }
  std::uint64_t operator[](verdict how) const { return counts_[static_cast<std::size_t>(how)]; }

 private:
  std::array<std::uint64_t, 4> counts_{};
};

/// What one worker has counted since the start. Only its own thread touches it, so counting is adding; others get
/// copies, to merge.
struct worker_metrics {
  void count(const ended_request& what);
  /// What came was not a request.
  void count_turned_away(int status, std::string_view code);
  void count_refusal(limit_scope scope, limit_kind kind);
  /// The counts of an upstream's calls: they stay where they are.
  upstream_outcomes& calls_to(std::string_view upstream) { return value_of(upstreams, upstream); }

  /// Adds what another worker has.
  void merge(const worker_metrics& other);

  request_table requests;
  label_table<endpoint_times> endpoints;
  label_table<model_totals> models;
  label_table<upstream_outcomes> upstreams;
  std::array<std::array<std::uint64_t, limit_kinds>, 2> refusals{}; ///< By scope, by kind.
  // As they are when the copy is made.
  std::uint64_t in_flight = 0;
  std::uint64_t sessions = 0;
  std::uint64_t buffered_bytes = 0;
  std::uint64_t audit_queue = 0;
  std::uint64_t audit_records = 0;
};

} // namespace gateway

#pragma once

#include "domain/route.hpp"
#include "domain/targets/breaker.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A target that a request is not to be sent to again.
struct tried_call {
  std::uint32_t target = 0;
  std::optional<std::uint32_t> credential; ///< With this one only; nothing: with none.
};

/// Which target is wanted.
struct pick_request {
  std::string model; ///< A name that a route has.
  std::vector<tried_call> excluded{};
  bool repeats = false; ///< Another call of the same request, for which the retry budget must have room.
};

/// One target of a route, chosen.
struct picked_target {
  std::uint32_t target = 0;     ///< Its number, the same for all who were made from the same config.
  std::uint32_t credential = 0; ///< Which of the upstream's keys.
  bool probe = false;           ///< The call tells whether the target is back.
  const route* way = nullptr;   ///< As in the table that all share.
  std::string upstream;         ///< A name under `upstreams`.
  std::string upstream_model;   ///< What goes into `model`.
};

/// How a call to a picked target ended.
struct call_report {
  std::uint32_t target = 0;
  std::uint32_t credential = 0;
  bool probe = false;
  verdict how = verdict::abandoned;
  std::string error{};                             ///< What went wrong, for the operator; no secrets.
  std::chrono::microseconds latency{};             ///< To the first byte of the answer; 0 when there was none.
  std::optional<std::chrono::milliseconds> rest{}; ///< The provider's rate limit: the credential rests so long.
  bool credential_refused = false;                 ///< 401 or 403.
};

/// One target, as the operator sees it.
struct target_status {
  std::uint32_t target = 0;
  std::string upstream;
  std::string model; ///< As the config says; empty: as the caller asks for it.
  breaker_state state = breaker_state::closed;
  std::uint64_t in_flight = 0;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  std::uint64_t consecutive_failures = 0;
  double latency_us = 0; ///< A moving average of the time to the first byte.
  std::string last_error;
  std::uint32_t credentials = 1;           ///< How many keys the upstream has.
  std::uint32_t credentials_set_aside = 0; ///< Refused by the provider lately.
  std::uint32_t credentials_resting = 0;   ///< Rate limited.
};
using target_statuses = std::vector<target_status>;

} // namespace gateway

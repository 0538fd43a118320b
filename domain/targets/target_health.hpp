#pragma once

#include "domain/targets/breaker.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gateway {

/// How a call ended, as far as the health of its target goes.
struct call_outcome {
  verdict how = verdict::answered;
  bool probe = false;                           ///< As `start` said.
  std::string error{};                          ///< What went wrong, for the operator.
  std::chrono::microseconds first_byte_after{}; ///< 0: there was none.
};

/// How one target does: what runs there now, and how the calls before ended.
class target_health {
 public:
  explicit target_health(const breaker_settings& settings = {}) : breaker_(settings) {}

  /// A call that is on its way; whether it probes.
  bool start(timestamp now);
  /// How a call ended. One that was started in an earlier life may end here too.
  void finish(const call_outcome& how, timestamp now);

  /// What a call would have to wait for its first byte, in microseconds. 0 invites a first call to a target nobody
  /// knows; infinite while that call runs, and for 10 s after it failed.
  double expected_latency(timestamp now) const;

  const class breaker& breaker() const { return breaker_; }
  std::uint64_t in_flight() const { return in_flight_; }
  std::uint64_t calls() const { return calls_; }
  std::uint64_t failures() const { return failures_; }
  std::uint64_t consecutive_failures() const { return consecutive_failures_; }
  const std::string& last_error() const { return last_error_; }

  /// The moving average of the time to first byte of calls that ended well, in microseconds; 0 before the first of
  /// them. It is sensitive to peaks: a slower call is believed at once, a faster one by and by. With the call's latency
  /// x, the seconds t since the last change and T = 10 s: a = x when x > a, else a = a*w + x*(1-w) with w = exp(-t/T).
  /// This is Finagle's Peak EWMA load metric.
  double latency() const { return latency_; }

 private:
  bool failed_lately(timestamp now) const;
  double decay(timestamp now) const;

  class breaker breaker_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t consecutive_failures_ = 0;
  double latency_ = 0;
  timestamp measured_at_{};
  timestamp failed_at_{};
  std::string last_error_;
};

} // namespace gateway

#include "domain/targets/target_health.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gateway {
namespace {

constexpr std::chrono::seconds memory_of_failure{10};
constexpr std::chrono::duration<double> latency_window{10.0};

} // namespace

bool target_health::start(timestamp now) {
  ++in_flight_;
  ++calls_;
  return breaker_.start(now);
}

void target_health::finish(const call_outcome& how, timestamp now) {
  if (in_flight_ > 0) --in_flight_;
  breaker_.finish(how.how, how.probe, now);
  if (how.how == verdict::abandoned) return;
  if (how.how != verdict::answered) {
    ++failures_;
    ++consecutive_failures_;
    failed_at_ = std::max(failed_at_, now);
    last_error_ = how.error;
    return;
  }
  consecutive_failures_ = 0;
  auto latency = static_cast<double>(how.first_byte_after.count());
  if (latency <= 0) return;
  auto weight = decay(now);
  latency_ = latency > latency_ ? latency : latency_ * weight + latency * (1 - weight);
  measured_at_ = std::max(measured_at_, now);
}

double target_health::expected_latency(timestamp now) const {
  // What was slow fades with time, or it would never be called, and so never measured, again.
  if (latency_ > 0) return latency_ * decay(now);
  return in_flight_ > 0 || failed_lately(now) ? std::numeric_limits<double>::infinity() : 0;
}

bool target_health::failed_lately(timestamp now) const {
  return consecutive_failures_ > 0 && now - failed_at_ < memory_of_failure;
}

double target_health::decay(timestamp now) const {
  std::chrono::duration<double> since = std::max(now - measured_at_, std::chrono::milliseconds{0});
  return std::exp(-since / latency_window);
}

} // namespace gateway

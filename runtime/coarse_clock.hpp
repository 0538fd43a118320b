#pragma once

#include <ctime>

#include <chrono>

namespace gateway {

/// The steady clock as it was at the kernel's last tick: a few milliseconds old at most, and several times cheaper to
/// read. For deadlines and ages, not for what is measured.
inline std::chrono::steady_clock::time_point coarse_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                               std::chrono::nanoseconds(now.tv_nsec));
}

/// How old it may be.
inline std::chrono::nanoseconds coarse_resolution() {
  timespec step{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &step);
  return std::chrono::seconds(step.tv_sec) + std::chrono::nanoseconds(step.tv_nsec);
}

} // namespace gateway

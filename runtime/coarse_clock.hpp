#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <ctime>

namespace gateway {

// Clocks as they were at the kernel's last tick: a few milliseconds old at most, and several times cheaper to read. For
// deadlines, ages and days, not for what is measured, nor for who may come again when a named time is over.

inline std::chrono::nanoseconds coarse_reading(clockid_t of) {
  timespec now{};
  clock_gettime(of, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// The steady clock.
inline std::chrono::steady_clock::time_point coarse_now() {
  return std::chrono::steady_clock::time_point(coarse_reading(CLOCK_MONOTONIC_COARSE));
}

/// The wall clock.
inline timestamp coarse_wall_now() {
  return timestamp(std::chrono::floor<std::chrono::milliseconds>(coarse_reading(CLOCK_REALTIME_COARSE)));
}

/// How old it may be.
inline std::chrono::nanoseconds coarse_resolution() {
  timespec step{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &step);
  return std::chrono::seconds(step.tv_sec) + std::chrono::nanoseconds(step.tv_nsec);
}

} // namespace gateway

#pragma once

#include "domain/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gateway {

/// The wall clock without its jumps back: it never goes back, and it goes on at the wall clock's pace at the latest a
/// minute after one. What is a little late counts as of now.
class steady_time {
 public:
  timestamp at(timestamp now) {
    auto steady = now + ahead_;
    if (steady < newest_ - patience) {
      ahead_ += newest_ - steady;
      steady = newest_;
    }
    newest_ = std::max(newest_, steady);
    return newest_;
  }

  /// How far it is ahead of the wall clock.
  std::chrono::milliseconds ahead() const { return ahead_; }

 private:
  static constexpr std::chrono::minutes patience{1};

  timestamp newest_{};
  std::chrono::milliseconds ahead_{0};
};

/// The number of a second of steady time.
using steady_second = std::int64_t;

inline steady_second second_of(timestamp steady) {
  return std::chrono::floor<std::chrono::seconds>(steady).time_since_epoch().count();
}

inline timestamp begin_of(steady_second second) { return timestamp{std::chrono::seconds{second}}; }

} // namespace gateway

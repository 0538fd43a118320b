#pragma once

#include <chrono>
#include <optional>
#include <utility>

namespace gateway {

/// Adds up the times between its starts and its stops. A start while it runs, or a stop while it does not, changes
/// nothing.
class stopwatch {
 public:
  using clock = std::chrono::steady_clock;

  void start(clock::time_point now = clock::now()) {
    if (!since_) since_ = now;
  }
  void stop() {
    if (const auto since = std::exchange(since_, std::nullopt)) sum_ += clock::now() - *since;
  }
  /// Until `now`, if it runs.
  std::chrono::nanoseconds total(clock::time_point now) const { return since_ ? sum_ + (now - *since_) : sum_; }

 private:
  std::chrono::nanoseconds sum_{};
  std::optional<clock::time_point> since_;
};

} // namespace gateway

#pragma once

#include <chrono>
#include <optional>
#include <utility>

namespace gateway {

/// Adds up the times between its starts and its stops. A start while it runs, or a stop while it does not, changes
/// nothing.
class stopwatch {
 public:
  void start() {
    if (!since_) since_ = std::chrono::steady_clock::now();
  }
  void stop() {
    if (const auto since = std::exchange(since_, std::nullopt)) sum_ += std::chrono::steady_clock::now() - *since;
  }
  /// Until `now`, if it runs.
  std::chrono::nanoseconds total(std::chrono::steady_clock::time_point now) const {
    return since_ ? sum_ + (now - *since_) : sum_;
  }

 private:
  std::chrono::nanoseconds sum_{};
  std::optional<std::chrono::steady_clock::time_point> since_;
};

} // namespace gateway

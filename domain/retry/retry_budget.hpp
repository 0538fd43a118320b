#pragma once

#include "domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gateway {

/// Keeps repeated calls a share of first ones, so that an upstream in trouble is not buried under repeats. As Finagle's
/// RetryBudget (https://twitter.github.io/finagle/guide/Glossary.html): what first calls deposit over ten seconds,
/// repeats withdraw. A clock that goes back starts a new window at worst.
class retry_budget {
 public:
  /// `ratio` repeats for each first call, and `min_per_second` whatever the calls.
  retry_budget(double ratio, double min_per_second);

  /// A first call was made.
  void deposit(timestamp now);

  /// Whether a call may be repeated; it counts as repeated then.
  bool withdraw(timestamp now);

 private:
  static constexpr std::size_t window = 10; ///< Seconds, each a slice.

  struct slice {
    std::uint64_t first = 0;
    std::uint64_t repeated = 0;
  };

  slice& at(timestamp now);

  double ratio_;
  double reserve_;
  std::array<slice, window> slices_{};
  std::chrono::sys_seconds latest_{}; ///< The youngest slice.
};

} // namespace gateway

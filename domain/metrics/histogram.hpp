#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gateway {

/// How long things took. The buckets are the same everywhere, so that any two histograms can be added up.
class histogram {
 public:
  /// The longest that a bucket takes, inclusive: 1, 2.5 and 5 in every decade from 10 us to 100 s. What took longer is
  /// in none of them.
  static constexpr std::size_t bound_count = 22;
  static const std::array<std::chrono::nanoseconds, bound_count> bounds;

  /// A time below zero counts as zero.
  void observe(std::chrono::nanoseconds took);
  void merge(const histogram& other);

  /// How many took at most `bounds[number]`.
  std::uint64_t at_most(std::size_t number) const;
  std::uint64_t count() const;
  std::chrono::nanoseconds sum() const { return sum_; }

 private:
  std::array<std::uint64_t, bound_count + 1> counts_{}; ///< Each bucket by itself; the last one has the rest.
  std::chrono::nanoseconds sum_{};
};

} // namespace gateway

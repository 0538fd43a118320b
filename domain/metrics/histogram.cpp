#include "domain/metrics/histogram.hpp"

#include <algorithm>
#include <numeric>

namespace gateway {
namespace {

constexpr std::array<std::chrono::nanoseconds, histogram::bound_count> all_bounds() {
  std::array<std::chrono::nanoseconds, histogram::bound_count> bounds{};
  std::chrono::nanoseconds decade = std::chrono::microseconds(10);
  for (std::size_t i = 0; i < bounds.size(); decade *= 10) {
    for (const int tenths : {10, 25, 50})
      if (i < bounds.size()) bounds[i++] = decade * tenths / 10;
  }
  return bounds;
}

} // namespace

constexpr std::array<std::chrono::nanoseconds, histogram::bound_count> histogram::bounds = all_bounds();

void histogram::observe(std::chrono::nanoseconds took) {
  took = std::max(took, std::chrono::nanoseconds{});
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), took) - bounds.begin();
  ++counts_[static_cast<std::size_t>(bucket)];
  sum_ += took;
}

void histogram::merge(const histogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  sum_ += other.sum_;
}

std::uint64_t histogram::at_most(std::size_t number) const {
  return std::accumulate(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(number) + 1, std::uint64_t{0});
}

std::uint64_t histogram::count() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }

} // namespace gateway

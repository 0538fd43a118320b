#include "domain/retry/retry_budget.hpp"

#include <chrono>

namespace gateway {

using namespace std::chrono;

retry_budget::retry_budget(double ratio, double min_per_second)
    : ratio_(ratio), reserve_(min_per_second * static_cast<double>(window)) {}

void retry_budget::deposit(timestamp now) { ++at(now).first; }

bool retry_budget::withdraw(timestamp now) {
  auto& current = at(now);
  slice sum;
  for (const auto& each : slices_) {
    sum.first += each.first;
    sum.repeated += each.repeated;
  }
  const bool allowed = static_cast<double>(sum.repeated) < ratio_ * static_cast<double>(sum.first) + reserve_;
  if (allowed) ++current.repeated;
  return allowed;
}

retry_budget::slice& retry_budget::at(timestamp now) {
  static constexpr seconds whole{window};
  const auto second = floor<seconds>(now);
  const auto index = [](sys_seconds moment) {
    const auto rest = moment.time_since_epoch() % whole;
    return static_cast<std::size_t>((rest + whole) % whole / seconds{1});
  };
  if (second - latest_ >= whole || latest_ - second >= whole) {
    // A clock that was far ahead for a moment would else stop the window until it gets there again.
    slices_ = {};
    latest_ = second;
  }
  while (latest_ < second) slices_[index(latest_ += seconds{1})] = {};
  return slices_[index(latest_)];
}

} // namespace gateway

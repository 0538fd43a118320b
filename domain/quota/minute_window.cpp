#include "domain/quota/minute_window.hpp"

#include <algorithm>

namespace gateway {

void minute_window::slide(steady_second now) {
  if (taken_ > 0) {
    const auto last = std::min(now, now_ + span);
    for (auto second = now_ + 1; second <= last; ++second) {
      auto& amount = amounts_[index_of(second)];
      taken_ -= amount;
      amount = 0;
    }
  }
  now_ = std::max(now_, now);
}

void minute_window::take(std::uint64_t amount) {
  amounts_[index_of(now_)] += amount;
  taken_ += amount;
}

void minute_window::give_back(std::uint64_t amount, steady_second taken_in) {
  if (taken_in <= now_ - span || taken_in > now_) return;
  auto& counted = amounts_[index_of(taken_in)];
  const auto back = std::min(amount, counted);
  counted -= back;
  taken_ -= back;
}

steady_second minute_window::fits_at(std::uint64_t need, std::uint64_t limit) const {
  if (need > limit) return empty_at();
  auto left = taken_;
  auto second = now_ - span + 1;
  for (; second <= now_ && left > limit - need; ++second) left -= amounts_[index_of(second)];
  return std::max(now_, second - 1 + span);
}

steady_second minute_window::empty_at() const {
  if (taken_ == 0) return now_;
  auto second = now_;
  while (amounts_[index_of(second)] == 0) --second;
  return second + span;
}

std::size_t minute_window::index_of(steady_second second) {
  return static_cast<std::size_t>((second % span + span) % span);
}

} // namespace gateway

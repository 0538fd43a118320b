#include "domain/targets/breaker.hpp"

#include <algorithm>

namespace gateway {

std::string_view to_string(breaker_state state) {
  switch (state) {
    case breaker_state::closed: return "closed";
    case breaker_state::open: return "open";
    case breaker_state::half_open: break;
  }
  return "half_open";
}

breaker_state breaker::state(timestamp now) const {
  if (!open_) return breaker_state::closed;
  // A clock that was set back must not keep it open for ever.
  const bool rested = now >= opened_at_ + settings_.open_for || now < opened_at_ - settings_.open_for;
  return probing_ || rested ? breaker_state::half_open : breaker_state::open;
}

bool breaker::admits(timestamp now) const {
  const auto is = state(now);
  return is == breaker_state::closed || (is == breaker_state::half_open && !probing_);
}

std::chrono::milliseconds breaker::opens_in(timestamp now) const {
  if (state(now) != breaker_state::open) return {};
  return std::chrono::ceil<std::chrono::milliseconds>(opened_at_ + settings_.open_for - now);
}

bool breaker::start(timestamp now) {
  if (state(now) != breaker_state::half_open || probing_) return false;
  probing_ = true;
  return true;
}

void breaker::finish(verdict how, bool was_probe, timestamp now) {
  if (was_probe && probing_) {
    probing_ = false;
    if (how == verdict::failed) opened_at_ = now;
    if (how == verdict::answered || how == verdict::declined) close();
    return;
  }
  // What was on its way when it opened says nothing new.
  if (open_ || how == verdict::abandoned) return;
  const bool failed = how == verdict::failed;
  in_a_row_ = failed ? in_a_row_ + 1 : 0;
  count(failed, now);
  if (!failed || !trips(now)) return;
  open_ = true;
  opened_at_ = now;
}

std::int64_t breaker::slice_at(timestamp now) const {
  const auto length = std::max<std::int64_t>(settings_.window.count() / std::int64_t{slices}, 1);
  return std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count() / length;
}

void breaker::count(bool failed, timestamp now) {
  const auto number = slice_at(now);
  auto& here = window_[static_cast<std::size_t>(number) % slices];
  if (here.number != number) here = {number, 0, 0};
  ++here.calls;
  if (failed) ++here.failures;
}

bool breaker::trips(timestamp now) const {
  if (settings_.consecutive_failures > 0 && in_a_row_ >= settings_.consecutive_failures) return true;
  if (settings_.error_rate <= 0) return false;
  const auto latest = slice_at(now);
  std::uint32_t calls = 0;
  std::uint32_t failures = 0;
  for (const auto& each : window_) {
    if (each.number > latest || each.number <= latest - std::int64_t{slices}) continue;
    calls += each.calls;
    failures += each.failures;
  }
  return calls >= settings_.min_calls && failures >= settings_.error_rate * calls;
}

void breaker::close() {
  open_ = false;
  in_a_row_ = 0;
  window_ = {};
}

} // namespace gateway

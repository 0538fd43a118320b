#include "runtime/timer_wheel.hpp"

#include "runtime/coarse_clock.hpp"
#include "runtime/wake_queue.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

std::uint64_t timer_wheel::ticks_at(clock::time_point moment) {
  return static_cast<std::uint64_t>(moment.time_since_epoch() / tick);
}

void timer_wheel::insert(deadline& item, std::chrono::milliseconds from_now) {
  static const auto oldest = coarse_resolution();
  const auto now = coarse_now();
  if (!running_) start(ticks_at(now));
  // Rounded up, so that it never fires early.
  item.due_ = ticks_at(now + oldest + from_now) + 1;
  slots_[item.due_ % slots_.size()].push_back(item);
  ++set_;
}

void timer_wheel::start(std::uint64_t seen) {
  if (stopped_) return;
  if (!timer_) timer_.emplace(io_);
  running_ = true;
  seen_ = seen;
  timer_->expires_after(tick);
  timer_->async_wait([this](const boost::system::error_code& error) {
    if (!error) on_tick();
  });
}

wake_queue& timer_wheel::wakes() {
  if (!wakes_) wakes_ = &boost::asio::use_service<wake_queue>(io_);
  return *wakes_;
}

void timer_wheel::stop() {
  stopped_ = true;
  timer_.reset();
}

void timer_wheel::on_tick() {
  const auto now = ticks_at(clock::now());
  bucket expired;
  // After a stall of more than a turn, one turn still visits every bucket.
  const auto last = std::min(now, seen_ + slots_.size());
  for (auto at = seen_ + 1; at <= last; ++at) {
    auto& here = slots_[at % slots_.size()];
    for (auto item = here.begin(); item != here.end();) {
      auto& candidate = *item++;
      if (candidate.due_ > now) continue;
      candidate.unlink();
      expired.push_back(candidate);
    }
  }
  seen_ = now;
  while (!expired.empty()) {
    auto& item = expired.front();
    item.clear();
    auto call = item.on_expiry_; // The callback may destroy the deadline, and others that wait here.
    call();
  }
  running_ = false;
  if (set_ > 0) start(now);
}

void deadline::set(std::chrono::milliseconds from_now) {
  clear();
  wheel_.insert(*this, from_now);
}

void deadline::clear() {
  if (!is_linked()) return;
  unlink();
  --wheel_.set_;
}

} // namespace gateway

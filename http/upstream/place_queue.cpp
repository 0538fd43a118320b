#include "http/upstream/place_queue.hpp"

#include "domain/fairness/place_share.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/one_shot.hpp"

#include <algorithm>

namespace gateway {

/// A place in the queue, left however the wait ends. Who is woken has its place already, so that nobody who comes later
/// takes it first; who cannot use it any more passes it on.
class place_queue::turn : public fair_queue::entry {
 public:
  turn(place_queue& queue, std::string_view tenant, std::uint64_t cost) : queue_(queue), woken_(queue.wheel_) {
    queue_.waiting_.add(*this, tenant, cost);
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;
  ~turn() { queue_.waiting_.remove(*this); }

  void come() {
    given_.emplace(queue_.give());
    woken_.fire();
  }
  auto comes_within(std::chrono::milliseconds patience) { return woken_.wait_for(patience); }
  place take() { return std::move(*given_); }

 private:
  place_queue& queue_;
  one_shot woken_;
  std::optional<place> given_;
};

std::optional<place_queue::place> place_queue::take(std::string_view tenant, time_point now) {
  // Who waits for what was kept may have it once the other tenants have gone.
  if (!waiting_.empty()) serve(now);
  const auto free = most_ - taken_;
  if (free > kept(now) || (free > 0 && is_small(tenant))) return give();
  return std::nullopt;
}

task<result<place_queue::place>> place_queue::wait(std::string_view tenant, std::uint64_t cost,
                                                   std::chrono::milliseconds patience) {
  if (!may_wait(tenant)) co_return tl::unexpected(every_connection_busy("too many wait"));
  turn mine(*this, tenant, cost);
  const auto how = co_await mine.comes_within(patience);
  if (how == wake::cancelled) co_return tl::unexpected(caller_has_left());
  if (how == wake::expired) co_return tl::unexpected(every_connection_busy("none was free in time"));
  co_return mine.take();
}

std::size_t place_queue::kept(time_point now) const { return crowd_.several(now) ? kept_places(most_) : 0; }

// Only asked while several tenants come: they are two at least, also when only one has something in flight just now.
bool place_queue::is_small(std::string_view tenant) const {
  return crowd_.held_by(tenant) <= most_ / std::max<std::size_t>(crowd_.tenants(), 2);
}

bool place_queue::may_wait(std::string_view tenant) const {
  const auto mine = waiting_.waiting(tenant);
  return may_take({.most = most_waiting_,
                   .taken = waiting_.size(),
                   .mine = mine,
                   .tenants = waiting_.tenants() + (mine == 0 ? 1 : 0)},
                  kept_places(most_waiting_));
}

place_queue::place place_queue::give() {
  ++taken_;
  return place(*this);
}

void place_queue::free() {
  --taken_;
  if (!waiting_.empty()) serve(std::chrono::steady_clock::now());
}

void place_queue::serve(time_point now) {
  const auto reserved = kept(now);
  while (taken_ < most_) {
    auto* next = most_ - taken_ > reserved
                     ? waiting_.take()
                     : waiting_.take_if([this](std::string_view tenant) { return is_small(tenant); });
    if (next == nullptr) return;
    static_cast<turn*>(next)->come();
  }
}

} // namespace gateway

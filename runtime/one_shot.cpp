#include "runtime/one_shot.hpp"

namespace gateway {

one_shot::one_shot(timer_wheel& wheel) : queue_(wheel.wakes()), limit_(wheel, [this] { end(wake::expired); }) {}

void one_shot::fire() {
  fired_ = true;
  end(wake::fired);
}

void one_shot::begin(waiter_ptr<wake> who, std::chrono::milliseconds limit) {
  waiter_ = std::move(who);
  queue_.add(*this);
  if (fired_) return end(wake::fired);
  limit_.set(limit);
}

void one_shot::end(wake how) {
  if (!waiter_) return;
  // What comes before the waiter's turn still counts: who was given something must not believe that it was not.
  how_ = fired_ ? wake::fired : how;
  limit_.clear();
  queue_.make_due(*this);
}

waiter_ptr<wake> one_shot::leave() {
  unlink();
  return std::move(waiter_);
}

void one_shot::end_wait() {
  const auto how = how_;
  complete(leave(), how);
}

} // namespace gateway

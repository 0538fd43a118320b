#pragma once

#include <memory>
#include <utility>

namespace gateway {

/// Somebody who waits, a coroutine as a rule: the end of the wait is the call of a handler, or, with the io_context,
/// nothing.
template <class How>
class waiter {
 public:
  virtual ~waiter() = default;
  /// Ends the wait. `own` is this very one, which is gone before the handler is called.
  virtual void complete(std::unique_ptr<waiter> own, How how) = 0;
};

template <class How>
using waiter_ptr = std::unique_ptr<waiter<How>>;

/// Calls its handler.
template <class How, class Handler>
class waiter_with final : public waiter<How> {
 public:
  explicit waiter_with(Handler handler) : handler_(std::move(handler)) {}
  void complete(waiter_ptr<How> own, How how) override {
    auto handler = std::move(handler_);
    own.reset();
    std::move(handler)(how);
  }

 private:
  Handler handler_;
};

template <class How, class Handler>
waiter_ptr<How> make_waiter(Handler handler) {
  return std::make_unique<waiter_with<How, Handler>>(std::move(handler));
}

/// The same, in one call.
template <class How>
void complete(waiter_ptr<How> whom, How how) {
  auto* const one = whom.get();
  one->complete(std::move(whom), how);
}

} // namespace gateway

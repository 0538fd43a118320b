#include "runtime/wake_queue.hpp"

#include "runtime/one_shot.hpp"

#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace gateway {

asio::execution_context::id wake_queue::id;

wake_queue::wake_queue(asio::execution_context& context)
    : asio::execution_context::service(context), io_(static_cast<asio::io_context&>(context)) {}

wake_queue::~wake_queue() = default;

void wake_queue::shutdown() noexcept {
  // Their shots may go with them: none of them is in a list any more then.
  std::vector<waiter_ptr<wake>> ended;
  for (auto* each : {&waiting_, &due_})
    while (!each->empty()) ended.push_back(each->front().leave());
  ended.clear();
}

void wake_queue::add(one_shot& waiting) { waiting_.push_back(waiting); }

void wake_queue::make_due(one_shot& woken) {
  woken.unlink();
  due_.push_back(woken);
  if (std::exchange(posted_, true)) return;
  asio::post(io_, [this] { run(); });
}

void wake_queue::run() {
  posted_ = false;
  shots now;
  now.swap(due_);
  while (!now.empty()) now.front().end_wait();
}

} // namespace gateway

#include "http/door/session_list.hpp"

namespace gateway {

session_entry::session_entry(session_list& list, connection& peer, const request_reader& reader,
                             asio::cancellation_signal& stop)
    : list_(list), peer_(peer), reader_(reader), stop_(stop) {
  list_.entries_.push_back(*this);
}

session_entry::~session_entry() {
  list_.entries_.erase(list_.entries_.iterator_to(*this));
  for (auto* waiter : list_.waiters_) waiter->fire();
}

task<wake> session_list::next_end(timer_wheel& wheel, std::chrono::milliseconds patience) {
  one_shot ended(wheel);
  waiters_.push_back(&ended);
  const auto how = co_await ended.wait_for(patience);
  std::erase(waiters_, &ended);
  co_return how;
}

void session_list::close_idle() {
  for (auto& entry : entries_)
    if (entry.reader_.is_idle()) entry.peer_.close();
}

void session_list::close_all() {
  // A session may end, and leave the list, while it is told to.
  for (auto next = entries_.begin(); next != entries_.end();) {
    auto& entry = *next++;
    entry.peer_.close();
    entry.stop_.emit(asio::cancellation_type::terminal);
  }
}

} // namespace gateway

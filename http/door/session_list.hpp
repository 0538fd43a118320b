#pragma once

#include "http/wire/connection.hpp"
#include "http/wire/request_reader.hpp"
#include "runtime/one_shot.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace gateway {

class session_list;

/// The place of one session in the list, from its first moment to its last.
class session_entry : public boost::intrusive::list_base_hook<> {
 public:
  /// `stop` ends the session's coroutine wherever it waits.
  session_entry(session_list& list, connection& peer, const request_reader& reader, asio::cancellation_signal& stop);
  session_entry(const session_entry&) = delete;
  session_entry& operator=(const session_entry&) = delete;
  ~session_entry();

 private:
  friend class session_list;
  session_list& list_;
  connection& peer_;
  const request_reader& reader_;
  asio::cancellation_signal& stop_;
};

/// The sessions of one worker.
class session_list {
 public:
  std::size_t size() const { return entries_.size(); }
  /// Ends those that wait for a request.
  void close_idle();
  /// Ends all of them, whatever they wait for; their coroutines go with the next turns of the io_context.
  void close_all();
  /// Waits until a session ends, or the time is over.
  task<wake> next_end(timer_wheel& wheel, std::chrono::milliseconds patience);

 private:
  friend class session_entry;
  boost::intrusive::list<session_entry> entries_;
  std::vector<one_shot*> waiters_;
};

} // namespace gateway

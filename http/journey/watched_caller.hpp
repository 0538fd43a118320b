#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// While it lives, a caller who leaves ends its session's coroutine wherever that waits: what the request holds (a
/// place in a queue, a connection to an upstream, its quota) goes with it.
class watched_caller {
 public:
  explicit watched_caller(const exchange& talk) : reader_(talk.caller.reader) {
    if (reader_) reader_->watch([stop = talk.caller.stop] { stop->emit(asio::cancellation_type::terminal); });
  }
  watched_caller(const watched_caller&) = delete;
  watched_caller& operator=(const watched_caller&) = delete;
  ~watched_caller() {
    if (reader_) reader_->stop_watching();
  }

 private:
  request_reader* reader_;
};

} // namespace gateway

#pragma once

#include "actors/interfaces.hpp"
#include "http/exchange.hpp"

#include <chrono>
#include <string>

namespace gateway {

/// A target that was picked for a request. Its end reports to CHAT UPSTREAM how the call went, whichever way it ends.
class called_target {
 public:
  /// `outcomes`, which must outlive it, counts how it ended; nothing: no call was made.
  called_target(chat_upstream_actor picked_by, const picked_target& target, upstream_outcomes* outcomes = nullptr);
  called_target(const called_target&) = delete;
  called_target& operator=(const called_target&) = delete;
  ~called_target();

  /// The first byte of the answer is there, so long after the call began.
  void answered(std::chrono::nanoseconds after) {
    report_.latency = std::chrono::ceil<std::chrono::microseconds>(after);
  }
  /// It did its part, to the end.
  void succeeded() { report_.how = verdict::answered; }
  /// The call came to this.
  void failed(const failure& why);

 private:
  chat_upstream_actor picked_by_;
  upstream_outcomes* outcomes_;
  call_report report_;
};

} // namespace gateway

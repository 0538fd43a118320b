#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace gateway::bench {

using steady_time = std::chrono::steady_clock::time_point;

struct appointment {
  steady_time when;
  int socket;
  std::uint64_t turn; ///< Whose the socket number was: what was due for others is not for whoever has it now.
  friend bool operator>(const appointment& a, const appointment& b) { return a.when > b.when; }
};

/// What is due later, and the timer that wakes an epoll for it.
class appointments {
 public:
  /// Throws std::system_error when the machine refuses.
  explicit appointments(int epoll);

  /// What `epoll` reports when something is due. It need not be read.
  int timer() const { return timer_; }

  void add(const appointment& later) { queue_.push(later); }

  /// Takes the first one that is due at `now`, if any is.
  std::optional<appointment> take_due(steady_time now);

  /// Sets the timer to what is due next: once all that is due has been taken.
  void arm();

 private:
  int timer_;
  std::priority_queue<appointment, std::vector<appointment>, std::greater<>> queue_;
  steady_time armed_for_{};
};

} // namespace gateway::bench

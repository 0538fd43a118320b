#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <cstdint>

namespace gateway {

/// The number of a second on a steady clock.
using steady_second = std::int64_t;

inline steady_second second_of(timestamp steady) {
  return std::chrono::floor<std::chrono::seconds>(steady).time_since_epoch().count();
}

inline timestamp begin_of(steady_second second) { return timestamp{std::chrono::seconds{second}}; }

/// Now, on two clocks. The wall clock of whoever asks says which day and month it is, and may be set, or be as old as
/// the question. The steady one of whoever answers says how old things are, and never goes back: holds, minutes and
/// leases go by it alone, so that no setting of a clock and no late message ends them early.
struct quota_moment {
  timestamp wall;
  timestamp steady; ///< From any beginning.

  quota_moment(timestamp on_the_wall, timestamp on_the_steady_clock) : wall(on_the_wall), steady(on_the_steady_clock) {}
  /// Where nobody sets the wall clock and nobody waits, it is steady itself.
  quota_moment(timestamp both) : wall(both), steady(both) {} // NOLINT(google-explicit-constructor)

  steady_second second() const { return second_of(steady); }
  timestamp on_the_wall(steady_second then) const { return wall + (begin_of(then) - steady); }
};

} // namespace gateway

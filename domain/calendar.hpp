#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace gateway {

/// Whether this is the name of a time zone in the IANA database, such as `Europe/Berlin`.
bool is_time_zone(std::string_view name);

/// A day or a month of a time zone's calendar.
struct calendar_window {
  std::chrono::sys_days day{}; ///< The local date; of a month, its first.
  timestamp begins{};
  timestamp ends{}; ///< Where the next one begins.

  bool holds(timestamp moment) const { return begins <= moment && moment < ends; }
  friend bool operator==(const calendar_window&, const calendar_window&) = default;
};

/// The local day that holds `now`. A day begins when its date first shows on the clocks, and ends where the next
/// begins: every moment is in exactly one, whatever daylight saving does. A zone that is not known counts as UTC.
calendar_window day_window(const std::string& zone, timestamp now);
/// The same of the month.
calendar_window month_window(const std::string& zone, timestamp now);

} // namespace gateway

#include "domain/calendar.hpp"

#include "domain/principal.hpp"

#include <date/tz.h>

#include <exception>

namespace gateway {

namespace {

using std::chrono::sys_days;

// UTC where nothing is found.
const date::time_zone* find_zone(std::string_view name) {
  if (name == default_time_zone) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

sys_days local_date(const date::time_zone* zone, timestamp moment) {
  if (zone == nullptr) return day_of(moment);
  return day_of(moment + zone->get_info(moment).offset);
}

// When midnight comes twice, the first one; when there is none, what comes in its place.
timestamp beginning_of(const date::time_zone* zone, sys_days day) {
  if (zone == nullptr) return day;
  const date::local_seconds midnight{day.time_since_epoch()};
  const auto info = zone->get_info(midnight);
  if (info.result == date::local_info::nonexistent) return timestamp{info.first.end.time_since_epoch()};
  return timestamp{midnight.time_since_epoch() - info.first.offset};
}

// A window of which `begins` and `ends` are right, as long as its first local dates are.
template <class Next, class Previous>
calendar_window window_of(const date::time_zone* zone, sys_days first, timestamp now, Next next, Previous previous) {
  // Clocks that are put back over midnight show the date of yesterday again.
  while (now >= beginning_of(zone, next(first))) first = next(first);
  while (now < beginning_of(zone, first)) first = previous(first);
  return {first, beginning_of(zone, first), beginning_of(zone, next(first))};
}

sys_days month_after(sys_days first, int months) {
  const std::chrono::year_month_day date{first};
  return date.year() / date.month() / 1 + std::chrono::months{months};
}

} // namespace

bool is_time_zone(std::string_view name) { return name == default_time_zone || find_zone(name) != nullptr; }

calendar_window day_window(const std::string& zone, timestamp now) {
  using std::chrono::days;
  const auto* found = find_zone(zone);
  return window_of(
      found, local_date(found, now), now, [](sys_days day) { return day + days{1}; },
      [](sys_days day) { return day - days{1}; });
}

calendar_window month_window(const std::string& zone, timestamp now) {
  const auto* found = find_zone(zone);
  return window_of(
      found, month_after(local_date(found, now), 0), now, [](sys_days first) { return month_after(first, 1); },
      [](sys_days first) { return month_after(first, -1); });
}

} // namespace gateway

#include "domain/calendar.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

timestamp at(const char* text) { return from_rfc3339(text).value(); }

std::chrono::sys_days date(int year, unsigned month, unsigned day) {
  return std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day);
}

void check(const calendar_window& window, std::chrono::sys_days day, const char* begins, const char* ends) {
  CHECK(to_string(window.day) == to_string(day));
  CHECK(to_rfc3339(window.begins) == to_rfc3339(at(begins)));
  CHECK(to_rfc3339(window.ends) == to_rfc3339(at(ends)));
}

} // namespace

TEST_CASE("the names of the IANA database are time zones, and nothing else is") {
  for (const auto* name : {"UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+11"})
    CHECK(is_time_zone(name));
  for (const auto* name : {"", "Europe", "Europe/Atlantis", "europe/berlin", "../etc/passwd", "+01:00"})
    CHECK_FALSE(is_time_zone(name));
}

TEST_CASE("a day in UTC is the day of the calendar, and a zone that is not known counts as UTC") {
  for (const std::string zone : {"UTC", "Europe/Atlantis", ""}) {
    check(day_window(zone, at("2026-11-23T23:59:59.999Z")), date(2026, 11, 23), "2026-11-23T00:00:00Z",
          "2026-11-24T00:00:00Z");
    check(month_window(zone, at("2026-12-31T12:00:00Z")), date(2026, 12, 1), "2026-12-01T00:00:00Z",
          "2027-01-01T00:00:00Z");
  }
}

TEST_CASE("a day on which the clocks go forward has 23 hours, one on which they go back 25") {
  check(day_window("America/New_York", at("2026-03-08T12:00:00Z")), date(2026, 3, 8), "2026-03-08T05:00:00Z",
        "2026-03-09T04:00:00Z");
  check(day_window("America/New_York", at("2026-11-01T12:00:00Z")), date(2026, 11, 1), "2026-11-01T04:00:00Z",
        "2026-11-02T05:00:00Z");
}

TEST_CASE("a day whose midnight is skipped begins where its clocks begin") {
  // Cairo: 2025-04-25 00:00 became 01:00; and 2025-10-31 00:00 became 23:00 of the 30th.
  check(day_window("Africa/Cairo", at("2025-04-25T00:00:00Z")), date(2025, 4, 25), "2025-04-24T22:00:00Z",
        "2025-04-25T21:00:00Z");
  CHECK(day_window("Africa/Cairo", at("2025-04-24T21:59:59Z")).day == date(2025, 4, 24));
  check(day_window("Africa/Cairo", at("2025-10-30T21:30:00Z")), date(2025, 10, 30), "2025-10-29T21:00:00Z",
        "2025-10-30T22:00:00Z");
}

TEST_CASE("a day whose midnight comes twice begins with the first") {
  // Havana: 2025-11-02 01:00 became 00:00.
  check(day_window("America/Havana", at("2025-11-02T05:30:00Z")), date(2025, 11, 2), "2025-11-02T04:00:00Z",
        "2025-11-03T05:00:00Z");
}

TEST_CASE("clocks that go back over midnight do not take the day back") {
  // St John's: 2010-11-07 00:01 became 23:01 of the 6th.
  check(day_window("America/St_Johns", at("2010-11-07T03:00:00Z")), date(2010, 11, 7), "2010-11-07T02:30:00Z",
        "2010-11-08T03:30:00Z");
  CHECK(day_window("America/St_Johns", at("2010-11-07T02:29:59Z")).ends == at("2010-11-07T02:30:00Z"));
}

TEST_CASE("a date that never was is in no window") {
  // Samoa went from the 29th to the 31st of December 2011.
  check(day_window("Pacific/Apia", at("2011-12-30T09:59:59Z")), date(2011, 12, 29), "2011-12-29T10:00:00Z",
        "2011-12-30T10:00:00Z");
  check(day_window("Pacific/Apia", at("2011-12-30T10:00:00Z")), date(2011, 12, 31), "2011-12-30T10:00:00Z",
        "2011-12-31T10:00:00Z");
}

TEST_CASE("the ends of the earth have days and months of their own") {
  const auto now = at("2026-12-31T10:30:00Z");
  check(day_window("Pacific/Kiritimati", now), date(2027, 1, 1), "2026-12-31T10:00:00Z", "2027-01-01T10:00:00Z");
  check(month_window("Pacific/Kiritimati", now), date(2027, 1, 1), "2026-12-31T10:00:00Z", "2027-01-31T10:00:00Z");
  check(day_window("Pacific/Niue", now), date(2026, 12, 30), "2026-12-30T11:00:00Z", "2026-12-31T11:00:00Z");
  check(month_window("Pacific/Niue", now), date(2026, 12, 1), "2026-12-01T11:00:00Z", "2027-01-01T11:00:00Z");
}

TEST_CASE("a month reaches over the change of the clocks") {
  check(month_window("Europe/Berlin", at("2028-02-29T23:30:00Z")), date(2028, 3, 1), "2028-02-29T23:00:00Z",
        "2028-03-31T22:00:00Z");
  check(month_window("Europe/Berlin", at("2026-10-25T01:00:00Z")), date(2026, 10, 1), "2026-09-30T22:00:00Z",
        "2026-10-31T23:00:00Z");
}

TEST_CASE("whatever the zone, each window holds its moment, and the next begins where it ends") {
  for (const std::string zone : {"UTC", "America/New_York", "Africa/Cairo", "America/Asuncion", "Pacific/Apia",
                                 "America/St_Johns", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"}) {
    CAPTURE(zone);
    for (auto window_of : {day_window, month_window}) {
      auto window = window_of(zone, at("2009-12-15T00:00:00Z"));
      for (int i = 0; i < 1200 && window.ends < at("2013-02-01T00:00:00Z"); ++i) {
        REQUIRE(window.begins < window.ends);
        for (auto inside : {window.begins, window.begins + (window.ends - window.begins) / 2, window.ends - 1ms})
          REQUIRE(window_of(zone, inside) == window);
        auto next = window_of(zone, window.ends);
        REQUIRE(next.begins == window.ends);
        REQUIRE(next.day > window.day);
        window = next;
      }
    }
  }
}

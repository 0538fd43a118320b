#include "domain/retry/http_date.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono;

namespace {

const timestamp noon = sys_days{2026y / November / 25} + 12h;
const timestamp sample = sys_days{1994y / November / 6} + 8h + 49min + 37s;

} // namespace

TEST_CASE("an HTTP date is read in its three forms") {
  CHECK(from_http_date("Sun, 06 Nov 1994 08:49:37 GMT", noon) == sample);
  CHECK(from_http_date("Sunday, 06-Nov-94 08:49:37 GMT", noon) == sample);
  CHECK(from_http_date("Sun Nov  6 08:49:37 1994", noon) == sample);
  CHECK(from_http_date("Wed Nov 16 08:49:37 1994", noon) == sample + days{10});
  CHECK(from_http_date("Wed, 25 Nov 2026 12:00:00 GMT", noon) == noon);
  CHECK(from_http_date("Fri, 31 Dec 9999 23:59:59 GMT", noon));
}

TEST_CASE("every day and month has its name in an HTTP date") {
  const std::string_view names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < 12; ++i) {
    const auto text = "Mon, 05 " + std::string(names[i]) + " 2026 00:00:00 GMT";
    INFO(text);
    CHECK(from_http_date(text, noon) == timestamp{sys_days{2026y / month{i + 1} / 5}});
  }
  for (const std::string day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
    CHECK(from_http_date(day + ", 05 Jan 2026 00:00:00 GMT", noon));
  }
  for (const std::string day : {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}) {
    CHECK(from_http_date(day + ", 05-Jan-26 00:00:00 GMT", noon) == timestamp{sys_days{2026y / 1 / 5}});
  }
}

TEST_CASE("two digits of a year mean the one at most fifty years ahead") {
  const auto year_of = [](std::string_view digits, timestamp now) {
    const auto read = from_http_date("Sunday, 06-Nov-" + std::string(digits) + " 00:00:00 GMT", now);
    REQUIRE(read);
    return static_cast<int>(year_month_day{day_of(*read)}.year());
  };
  CHECK(year_of("26", noon) == 2026);
  CHECK(year_of("00", noon) == 2000);
  CHECK(year_of("76", noon) == 2076);
  CHECK(year_of("77", noon) == 1977);
  CHECK(year_of("99", noon) == 1999);
  CHECK(year_of("05", sys_days{2099y / 1 / 1}) == 2105);
}

TEST_CASE("a leap second is the next minute's first") {
  CHECK(from_http_date("Sat, 31 Dec 2016 23:59:60 GMT", noon) == timestamp{sys_days{2017y / 1 / 1}});
}

TEST_CASE("what is no HTTP date is not read") {
  for (const std::string_view text : {"",
                                      "Sun",
                                      "Sun, 06 Nov 1994 08:49:37",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 06 Nov 1994 08:49:37 GMT ",
                                      " Sun, 06 Nov 1994 08:49:37 GMT",
                                      "sun, 06 nov 1994 08:49:37 gmt",
                                      "Sun, 6 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 94 08:49:37 GMT",
                                      "Xyz, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Foo 1994 08:49:37 GMT",
                                      "Sun, 31 Feb 1994 08:49:37 GMT",
                                      "Sun, 00 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:00:00 GMT",
                                      "Sun, 06 Nov 1994 08:60:00 GMT",
                                      "Sun, 06 Nov 1994 08:49:61 GMT",
                                      "Sun, 06-Nov-94 08:49:37 GMT",
                                      "Sunday, 06 Nov 1994 08:49:37 GMT",
                                      "Sun Nov 6 08:49:37 1994",
                                      "Sun Nov  6 08:49:37 1994 GMT",
                                      "1994-11-06T08:49:37Z",
                                      "Sun, 06 Nov 1994 08:49:37 +0000",
                                      "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    INFO(text);
    CHECK_FALSE(from_http_date(text, noon));
  }
}

#include "domain/time.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono;

namespace {

timestamp at(sys_days day, milliseconds clock = {}) { return day + clock; }

} // namespace

TEST_CASE("a moment is written in UTC with milliseconds") {
  CHECK(to_rfc3339(at(2026y / 11 / 23, 15h + 4min + 5s + 678ms)) == "2026-11-23T15:04:05.678Z");
  CHECK(to_rfc3339(timestamp{}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(at(1969y / 12 / 31, 24h - 1ms)) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(at(2028y / 2 / 29, 9h)) == "2028-02-29T09:00:00.000Z");
}

TEST_CASE("what was written can be read") {
  for (const auto moment : {timestamp{}, at(2026y / 2 / 28, 23h + 59min + 59s + 1ms), at(9999y / 12 / 31, 23h)}) {
    CHECK(from_rfc3339(to_rfc3339(moment)) == moment);
  }
}

TEST_CASE("moments are read with any offset and any fraction") {
  const auto moment = at(2026y / 11 / 23, 15h + 4min + 5s);
  const std::pair<std::string_view, timestamp> texts[] = {
      {"2026-11-23T15:04:05Z", moment},
      {"2026-11-23t15:04:05z", moment},
      {"2026-11-23 15:04:05Z", moment},
      {"2026-11-23T15:04:05+00:00", moment},
      {"2026-11-23T15:04:05-00:00", moment},
      {"2026-11-23T17:04:05+02:00", moment},
      {"2026-11-23T07:34:05-07:30", moment},
      {"2026-11-24T00:04:05+09:00", moment},
      {"2026-11-23T15:04:05.6Z", moment + 600ms},
      {"2026-11-23T15:04:05.67Z", moment + 670ms},
      {"2026-11-23T15:04:05.678999999Z", moment + 678ms},
      {"2026-11-23T15:04:05.0004+00:00", moment},
      {"2028-02-29T00:00:00Z", at(2028y / 2 / 29)},
      {"2016-12-31T23:59:60Z", at(2017y / 1 / 1)},
      {"2017-01-01T01:59:60.5+02:00", at(2017y / 1 / 1)},
  };
  for (const auto& [text, expected] : texts) {
    INFO(text);
    CHECK(from_rfc3339(text) == expected);
  }
}

TEST_CASE("what is no moment is not read") {
  const auto text = GENERATE(
      as<std::string>{}, "", "now", "2026-11-23", "2026-11-23T15:04:05", "2026-11-23T15:04Z", "2026-02-30T00:00:00Z",
      "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z",
      "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T12:00:60Z",
      "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+2:00", "2026-01-01T00:00:00+0200",
      "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-1-1T00:00:00Z", "26-01-01T00:00:00Z",
      "2026-01-01T00:00:00Zulu", " 2026-01-01T00:00:00Z", "2026-01-01X00:00:00Z", "-026-01-01T00:00:00Z");
  INFO(text);
  CHECK_FALSE(from_rfc3339(text));
}

TEST_CASE("a day begins and ends at midnight in UTC") {
  const auto late = at(2026y / 12 / 31, 24h - 1ms);
  CHECK(day_of(late) == sys_days{2026y / 12 / 31});
  CHECK(end_of(day_of(late)) == at(2027y / 1 / 1));
  CHECK(day_of(end_of(day_of(late))) == sys_days{2027y / 1 / 1});
  CHECK(day_of(timestamp{-1ms}) == sys_days{1969y / 12 / 31});
  CHECK(to_string(day_of(late)) == "2026-12-31");
}

TEST_CASE("a span is written as OpenAI's rate limit headers do") {
  const std::pair<milliseconds, std::string_view> spans[] = {
      {0ms, "0s"},           {-5s, "0s"},       {1ms, "1ms"}, {250ms, "250ms"}, {1s, "1s"},
      {1500ms, "1.5s"},      {8640ms, "8.64s"}, {59s, "59s"}, {6min, "6m0s"},   {6min + 250ms, "6m0.25s"},
      {1h + 30s, "1h0m30s"}, {24h, "24h0m0s"},
  };
  for (const auto& [span, text] : spans) CHECK(to_reset_text(span) == text);
}

TEST_CASE("the wall clock shows this century") {
  CHECK(wall_clock_now() > at(2025y / 1 / 1));
  CHECK(wall_clock_now() < at(2100y / 1 / 1));
}

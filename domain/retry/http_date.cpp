#include "domain/retry/http_date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gateway {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads a text from its start; every step says whether the text went on as expected.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool text(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  bool number(std::size_t width, int& value) {
    if (rest_.size() < width) return false;
    value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return true;
  }

  // As in asctime: with a space for the ten.
  bool padded(int& value) { return text(" ") ? number(1, value) : number(2, value); }

  bool short_day() {
    return std::ranges::any_of(day_names, [&](std::string_view name) { return text(name.substr(0, 3)); });
  }

  bool long_day() {
    return std::ranges::any_of(day_names, [&](std::string_view name) { return text(name); });
  }

  bool month(int& value) {
    const auto found = std::ranges::find_if(month_names, [&](std::string_view name) { return text(name); });
    value = static_cast<int>(found - month_names.begin()) + 1;
    return found != month_names.end();
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct moment {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

bool read_clock(reader& in, moment& to) {
  return in.number(2, to.hour) && in.text(":") && in.number(2, to.minute) && in.text(":") && in.number(2, to.second);
}

// Sun, 06 Nov 1994 08:49:37 GMT
bool read_fixdate(reader in, moment& to) {
  return in.short_day() && in.text(", ") && in.number(2, to.day) && in.text(" ") && in.month(to.month) &&
         in.text(" ") && in.number(4, to.year) && in.text(" ") && read_clock(in, to) && in.text(" GMT") && in.at_end();
}

// Sunday, 06-Nov-94 08:49:37 GMT
bool read_rfc850(reader in, moment& to) {
  return in.long_day() && in.text(", ") && in.number(2, to.day) && in.text("-") && in.month(to.month) && in.text("-") &&
         in.number(2, to.year) && in.text(" ") && read_clock(in, to) && in.text(" GMT") && in.at_end();
}

// Sun Nov  6 08:49:37 1994
bool read_asctime(reader in, moment& to) {
  return in.short_day() && in.text(" ") && in.month(to.month) && in.text(" ") && in.padded(to.day) && in.text(" ") &&
         read_clock(in, to) && in.text(" ") && in.number(4, to.year) && in.at_end();
}

int year_of_two_digits(int digits, timestamp now) {
  const int this_year = static_cast<int>(year_month_day{day_of(now)}.year());
  int full = this_year - this_year % 100 + digits;
  if (full > this_year + 50) full -= 100;
  if (full <= this_year - 50) full += 100;
  return full;
}

} // namespace

std::optional<timestamp> from_http_date(std::string_view text, timestamp now) {
  moment at;
  if (read_rfc850(reader(text), at)) {
    at.year = year_of_two_digits(at.year, now);
  } else if (!read_fixdate(reader(text), at) && !read_asctime(reader(text), at)) {
    return std::nullopt;
  }
  const year_month_day date{year{at.year}, month{static_cast<unsigned>(at.month)}, day{static_cast<unsigned>(at.day)}};
  // A second 60 is the leap second.
  if (!date.ok() || at.hour > 23 || at.minute > 59 || at.second > 60) return std::nullopt;
  return sys_days{date} + hours{at.hour} + minutes{at.minute} + seconds{at.second};
}

} // namespace gateway

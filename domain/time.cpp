#include "domain/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gateway {

namespace {

using namespace std::chrono;

// What a moment or a span takes as text.
class short_text {
 public:
  void put(char c) { room_[size_++] = c; }
  void digits(std::int64_t value, int width = 1) {
    char backwards[20];
    int count = 0;
    do {
      backwards[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value > 0);
    while (count < width) backwards[count++] = '0';
    while (count > 0) put(backwards[--count]);
  }
  // Those after a point, without the zeros at the end.
  void fraction(milliseconds part) {
    put('.');
    digits(part.count(), 3);
    while (room_[size_ - 1] == '0') --size_;
  }
  std::string text() const { return {room_, size_}; }

 private:
  char room_[64];
  std::size_t size_ = 0;
};

void put_day(short_text& out, sys_days day) {
  const year_month_day date{day};
  out.digits(std::max(0, static_cast<int>(date.year())), 4);
  out.put('-');
  out.digits(static_cast<unsigned>(date.month()), 2);
  out.put('-');
  out.digits(static_cast<unsigned>(date.day()), 2);
}

// Reads a text from its start; every step says whether the text went on as expected.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool number(std::size_t width, int& value) {
    if (rest_.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!is_digit(rest_[i])) return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(width);
    return true;
  }

  bool one_of(std::string_view choices, char* which = nullptr) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return false;
    if (which != nullptr) *which = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  // At least one digit; the first three make the milliseconds.
  bool fraction(int& millis) {
    std::size_t count = 0;
    millis = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count) {
      if (count < 3) millis = millis * 10 + (rest_[count] - '0');
    }
    for (auto missing = count; missing < 3; ++missing) millis *= 10;
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
};

bool read_offset(reader& in, minutes& offset) {
  char sign = 0;
  if (in.one_of("Zz")) return true;
  int hour = 0;
  int minute = 0;
  if (!in.one_of("+-", &sign) || !in.number(2, hour) || !in.one_of(":") || !in.number(2, minute)) return false;
  if (hour > 23 || minute > 59) return false;
  offset = (sign == '-' ? -1 : 1) * (hours{hour} + minutes{minute});
  return true;
}

} // namespace

timestamp wall_clock_now() { return floor<milliseconds>(system_clock::now()); }

std::string to_rfc3339(timestamp moment) {
  const auto day = day_of(moment);
  const hh_mm_ss<milliseconds> clock{moment - day};
  short_text out;
  put_day(out, day);
  out.put('T');
  out.digits(clock.hours().count(), 2);
  out.put(':');
  out.digits(clock.minutes().count(), 2);
  out.put(':');
  out.digits(clock.seconds().count(), 2);
  out.put('.');
  out.digits(clock.subseconds().count(), 3);
  out.put('Z');
  return out.text();
}

std::optional<timestamp> from_rfc3339(std::string_view text) {
  reader in(text);
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
  minutes offset{0};
  const bool date_read = in.number(4, y) && in.one_of("-") && in.number(2, mo) && in.one_of("-") && in.number(2, d);
  // The note in section 5.6 allows lower case letters and a space between date and time.
  const bool time_read = date_read && in.one_of("Tt ") && in.number(2, h) && in.one_of(":") && in.number(2, mi) &&
                         in.one_of(":") && in.number(2, s);
  if (!time_read || (in.one_of(".") && !in.fraction(ms)) || !read_offset(in, offset) || !in.at_end()) {
    return std::nullopt;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  const auto minute = sys_days{date} + hours{h} + minutes{mi} - offset;
  // A leap second can only be the last of a UTC day; it is the same moment as the next day's first.
  if (s == 60 && minute + minutes{1} != day_of(minute) + days{1}) return std::nullopt;
  return minute + seconds{s} + milliseconds{s == 60 ? 0 : ms};
}

sys_days day_of(timestamp moment) { return floor<days>(moment); }

std::string to_string(sys_days day) {
  short_text out;
  put_day(out, day);
  return out.text();
}

timestamp end_of(sys_days day) { return day + days{1}; }

std::string to_reset_text(milliseconds span) {
  if (span <= milliseconds{0}) return "0s";
  short_text out;
  if (span < seconds{1}) {
    out.digits(span.count());
    out.put('m');
  } else {
    const hh_mm_ss<milliseconds> clock{span};
    if (clock.hours().count() > 0) {
      out.digits(clock.hours().count());
      out.put('h');
    }
    if (span >= minutes{1}) {
      out.digits(clock.minutes().count());
      out.put('m');
    }
    out.digits(clock.seconds().count());
    if (clock.subseconds().count() > 0) out.fraction(clock.subseconds());
  }
  out.put('s');
  return out.text();
}

} // namespace gateway

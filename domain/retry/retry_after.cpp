#include "domain/retry/retry_after.hpp"

#include "domain/retry/http_date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gateway {

namespace {

using namespace std::chrono;

constexpr nanoseconds longest = 24h;

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

// A decimal number. Not a double: 59.56 s are to be 59560 ms.
struct decimal {
  std::int64_t whole = 0; // At most a billion.
  std::int64_t billionths = 0;

  // What is longer than the longest is only a little longer, so that spans can be added.
  nanoseconds of(nanoseconds unit) const {
    if (whole > longest / unit) return longest + 1ns;
    return whole * unit + nanoseconds{billionths * (unit / 1us) / 1'000'000};
  }
};

std::optional<decimal> take_decimal(std::string_view& text) {
  constexpr std::int64_t billion = 1'000'000'000;
  const auto whole = take_digits(text);
  if (whole.empty()) return std::nullopt;
  decimal number;
  for (const char c : whole) number.whole = std::min(number.whole * 10 + (c - '0'), billion);
  if (!text.starts_with('.')) return number;
  text.remove_prefix(1);
  const auto fraction = take_digits(text);
  if (fraction.empty()) return std::nullopt;
  auto worth = billion;
  for (const char c : fraction) number.billionths += (c - '0') * (worth /= 10);
  return number;
}

std::optional<nanoseconds> number_of(std::string_view text, nanoseconds unit) {
  const auto number = take_decimal(text);
  if (!number || !text.empty()) return std::nullopt;
  return number->of(unit);
}

// As Go writes a duration: 1h2m3.5s, the larger units first.
std::optional<nanoseconds> span_of(std::string_view text) {
  struct named_unit {
    std::string_view name;
    nanoseconds length;
  };
  constexpr std::array<named_unit, 4> units{{{"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};
  if (const auto plain = number_of(text, 1s)) return plain;
  nanoseconds total{0};
  auto next = units.begin();
  while (!text.empty()) {
    const auto number = take_decimal(text);
    if (!number) return std::nullopt;
    const auto name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    const auto unit = std::find_if(next, units.end(), [&](const named_unit& each) { return each.name == name; });
    if (unit == units.end()) return std::nullopt;
    text.remove_prefix(name.size());
    total += number->of(unit->length);
    next = unit + 1;
  }
  if (next == units.begin()) return std::nullopt;
  return total;
}

std::optional<nanoseconds> said_by_reset(const rate_limit_headers& headers) {
  const auto requests = trim(headers.remaining_requests);
  const auto tokens = trim(headers.remaining_tokens);
  const bool unknown = requests.empty() && tokens.empty();
  std::optional<nanoseconds> wait;
  if (unknown || requests == "0") wait = span_of(trim(headers.reset_requests));
  if (unknown || tokens == "0") wait = std::max(wait, span_of(trim(headers.reset_tokens)));
  return wait;
}

std::optional<nanoseconds> said(const rate_limit_headers& headers, timestamp now) {
  if (const auto wait = number_of(trim(headers.retry_after_ms), 1ms)) return wait;
  const auto text = trim(headers.retry_after);
  if (const auto wait = number_of(text, 1s)) return wait;
  // Not subtracted from: the year 9999 is more nanoseconds away than there are.
  if (const auto date = from_http_date(text, now)) return std::clamp<milliseconds>(*date - now, 0ms, 24h);
  return said_by_reset(headers);
}

} // namespace

std::optional<milliseconds> retry_after(const rate_limit_headers& headers, timestamp now) {
  const auto wait = said(headers, now);
  if (!wait) return std::nullopt;
  // Up: who comes a moment early is refused again.
  return ceil<milliseconds>(std::min(*wait, longest));
}

} // namespace gateway

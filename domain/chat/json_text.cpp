#include "domain/chat/json_text.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gateway {

namespace {

constexpr std::uint32_t replacement = 0xfffd;

// The code unit of the `\uXXXX` that starts at `at`, if one does.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const auto* first = text.data() + at + 2;
  const auto [end, error] = std::from_chars(first, first + 4, unit, 16);
  if (error != std::errc{} || end != first + 4) return std::nullopt;
  return unit;
}

bool is_high(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3f))); };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (point >> 6)));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | (point >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0 | (point >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Appends the character whose first unit is at `at`; answers how many bytes of text it took.
std::size_t append_character(std::string& out, std::string_view text, std::size_t at, std::uint32_t unit) {
  if (is_high(unit)) {
    const auto second = unit_at(text, at + 6);
    if (second && is_low(*second)) {
      append_utf8(out, 0x10000 + ((unit - 0xd800) << 10) + (*second - 0xdc00));
      return 12;
    }
  }
  append_utf8(out, is_high(unit) || is_low(unit) ? replacement : unit);
  return 6;
}

} // namespace

std::string json_quoted(std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(hex[c & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

std::string decode_unicode_escapes(std::string_view escaped) {
  std::string out;
  out.reserve(escaped.size());
  std::size_t at = 0;
  while (at < escaped.size()) {
    const auto slash = escaped.find('\\', at);
    out.append(escaped.substr(at, slash - at));
    if (slash == std::string_view::npos) break;
    if (const auto unit = unit_at(escaped, slash)) {
      at = slash + append_character(out, escaped, slash, *unit);
    } else {
      out.append(escaped.substr(slash, 2));
      at = slash + 2;
    }
  }
  return out;
}

} // namespace gateway

#include "http/wire/header_lines.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace gateway {
namespace {

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

/// Room for so much more, which is to be written.
char* extend(header_text& text, std::size_t by) {
  const auto before = text.size();
  text.resize(before + by, boost::container::default_init);
  return text.data() + before;
}

} // namespace

void append(header_text& to, std::string_view text) { put(extend(to, text.size()), text); }

void append_header(header_text& to, std::string_view name, std::string_view value) {
  auto* at = put(extend(to, name.size() + value.size() + 4), name);
  at = put(put(at, ": "), value);
  put(at, "\r\n");
}

void append_header(header_text& to, std::string_view name, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  append_header(to, name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void header_lines::add(std::string_view name, std::string_view value) {
  append_header(text_, name, value);
  ends_.push_back(text_.size());
}

std::string_view header_lines::value_of(std::string_view name) const {
  for (std::size_t i = 0; i < count(); ++i)
    if (is_line_of(line(i), name)) return line(i).substr(name.size() + 2, line(i).size() - name.size() - 4);
  return {};
}

void header_lines::erase(std::string_view name) {
  header_lines kept;
  for (std::size_t i = 0; i < count(); ++i) {
    if (is_line_of(line(i), name)) continue;
    append(kept.text_, line(i));
    kept.ends_.push_back(kept.text_.size());
  }
  *this = std::move(kept);
}

} // namespace gateway

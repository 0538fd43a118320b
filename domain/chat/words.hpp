#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace gateway {

/// What separates words.
inline constexpr std::string_view blanks = " \t\r\n";

/// Whether there is no word in the text.
inline bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }

/// Where the next word ends that begins at or after `from`; the text's end when there is none.
inline std::size_t end_of_word(std::string_view text, std::size_t from) {
  const auto word = text.find_first_not_of(blanks, from);
  if (word == std::string_view::npos) return text.size();
  return std::min(text.find_first_of(blanks, word), text.size());
}

} // namespace gateway

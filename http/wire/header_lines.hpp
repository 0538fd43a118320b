#pragma once

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway {

/// A text that grows at its end; a usual header needs no memory of its own.
using header_text = boost::container::small_vector_base<char>;
using header_buffer = boost::container::small_vector<char, 512>;

inline std::string_view view(const header_text& text) { return {text.data(), text.size()}; }
void append(header_text& to, std::string_view text);
/// Appends the line of one field: the name is a token (RFC 9110, section 5.6.2), the value has no line break.
void append_header(header_text& to, std::string_view name, std::string_view value);
void append_header(header_text& to, std::string_view name, std::uint64_t value);

/// Whether a token, or several with slashes between them, is this name, which is given in small letters.
inline bool is_named(std::string_view token, std::string_view name) {
  if (token.size() != name.size()) return false;
  // Of the characters of a token only letters have a twin that differs in this bit, `^` and `~` apart.
  for (std::size_t i = 0; i < name.size(); ++i)
    if ((token[i] | 0x20) != name[i]) return false;
  return true;
}

/// Whether that line is of the field of this name, which is given in small letters.
inline bool is_line_of(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' && is_named(line.substr(0, name.size()), name);
}

/// The fields of a header, as the lines of one text: `Name: value`, each with its line break, in the order in which
/// they came.
class header_lines {
 public:
  void add(std::string_view name, std::string_view value);
  /// What the first field of that name says; empty when there is none. The name is given in small letters, and found
  /// in any.
  std::string_view value_of(std::string_view name) const;
  void erase(std::string_view name);

  std::size_t count() const { return ends_.size(); }
  /// With its line break.
  std::string_view line(std::size_t number) const {
    const auto begin = number == 0 ? 0 : ends_[number - 1];
    return view(text_).substr(begin, ends_[number] - begin);
  }

 private:
  header_buffer text_;
  boost::container::small_vector<std::size_t, 16> ends_; ///< Of each line.
};

} // namespace gateway

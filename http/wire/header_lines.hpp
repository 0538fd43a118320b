#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

/// The fields of a header, as the lines of one text: `Name: value`, each with its line break, in the order in which
/// they came.
class header_lines {
 public:
  void add(std::string_view name, std::string_view value);
  /// What the first field of that name says; empty when there is none. The name is given in small letters, and found
  /// in any.
  std::string_view value_of(std::string_view name) const;
  void erase(std::string_view name);

  std::size_t count() const { return count_; }
  /// Calls `visit(line)` for each, line break included.
  template <class Visitor>
  void each(Visitor visit) const {
    for (std::size_t at = 0; at < text_.size();) {
      const auto next = text_.find('\n', at) + 1;
      visit(std::string_view(text_).substr(at, next - at));
      at = next;
    }
  }

 private:
  /// Where its first line starts, or the end.
  std::size_t find(std::string_view name) const;

  std::string text_;
  std::size_t count_ = 0;
};

/// Appends the line of one field: the name is a token (RFC 9110, section 5.6.2), the value has no line break.
void append_header(std::string& to, std::string_view name, std::string_view value);

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

} // namespace gateway

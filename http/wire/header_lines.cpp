#include "http/wire/header_lines.hpp"

#include <cstring>

namespace gateway {
namespace {

/// The usual header takes no more.
constexpr std::size_t usual_size = 512;

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

} // namespace

void append_header(std::string& to, std::string_view name, std::string_view value) {
  const auto before = to.size();
  to.resize(before + name.size() + value.size() + 4);
  auto* at = put(to.data() + before, name);
  at = put(put(at, ": "), value);
  put(at, "\r\n");
}

void header_lines::add(std::string_view name, std::string_view value) {
  if (text_.empty()) text_.reserve(usual_size);
  append_header(text_, name, value);
  ++count_;
}

std::size_t header_lines::find(std::string_view name) const {
  std::size_t at = 0;
  while (at < text_.size() && !is_line_of(std::string_view(text_).substr(at), name)) at = text_.find('\n', at) + 1;
  return at;
}

std::string_view header_lines::value_of(std::string_view name) const {
  const auto at = find(name);
  if (at == text_.size()) return {};
  const auto begin = at + name.size() + 2;
  return std::string_view(text_).substr(begin, text_.find('\n', begin) - 1 - begin);
}

void header_lines::erase(std::string_view name) {
  for (auto at = find(name); at < text_.size(); at = find(name)) {
    text_.erase(at, text_.find('\n', at) + 1 - at);
    --count_;
  }
}

} // namespace gateway

#include "domain/chat/sse_reader.hpp"

#include <algorithm>

namespace gateway {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view data_field = "data: ";

// LF is looked for a window at a time: a stream that ends its lines with CR alone would else be searched to its end for
// every line.
std::size_t find_line_end(std::string_view text, std::size_t from) {
  constexpr std::size_t window = 1024;
  for (; from < text.size(); from += window) {
    const auto piece = text.substr(from, window);
    const auto lf = piece.find('\n');
    const auto cr = piece.substr(0, lf).find('\r');
    const auto end = std::min(lf, cr);
    if (end != std::string_view::npos) return from + end;
  }
  return std::string_view::npos;
}

} // namespace

sse_reader::sse_reader(std::size_t largest_event) : largest_event_(largest_event) {}

void sse_reader::feed(std::string_view bytes) {
  if (too_large_) return;
  keep_data();
  // Moving what is left only when it is the smaller part keeps the whole linear.
  if (line_start_ > 0 && line_start_ >= buffer_.size() / 2) {
    buffer_.erase(0, line_start_);
    searched_ -= line_start_;
    line_start_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<std::string_view> sse_reader::next() {
  std::string_view line;
  while (next_line(line)) {
    if (line.empty()) {
      if (const auto data = dispatch()) return data;
    } else {
      take(line);
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> sse_reader::finish() {
  if (too_large_) return std::nullopt;
  take(std::string_view(buffer_).substr(line_start_));
  line_start_ = searched_ = buffer_.size();
  return dispatch();
}

bool sse_reader::next_line(std::string_view& line) {
  if (too_large_) return false;
  const std::string_view text = buffer_;
  if (at_start_) {
    if (text.size() < byte_order_mark.size() && byte_order_mark.starts_with(text)) return false;
    at_start_ = false;
    if (text.starts_with(byte_order_mark)) line_start_ = searched_ = byte_order_mark.size();
  }
  if (skip_lf_ && line_start_ < text.size()) {
    skip_lf_ = false;
    if (text[line_start_] == '\n') searched_ = ++line_start_;
  }
  const auto end = find_line_end(text, searched_);
  searched_ = std::min(end, text.size());
  too_large_ = searched_ - line_start_ > data_field.size() + largest_event_;
  if (too_large_ || end == std::string_view::npos) return false;
  line = text.substr(line_start_, end - line_start_);
  skip_lf_ = text[end] == '\r';
  line_start_ = searched_ = end + 1;
  return true;
}

void sse_reader::take(std::string_view line) {
  const auto colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (lines_++ == 0) {
    data_ = value;
    in_buffer_ = true;
  } else {
    keep_data();
    joined_.push_back('\n');
    joined_.append(value);
    data_ = joined_;
  }
  too_large_ = data_.size() > largest_event_;
}

std::optional<std::string_view> sse_reader::dispatch() {
  const bool empty = lines_ == 0 || data_.empty() || too_large_;
  lines_ = 0;
  in_buffer_ = false;
  if (empty) return std::nullopt;
  return data_;
}

void sse_reader::keep_data() {
  if (!in_buffer_) return;
  joined_.assign(data_);
  data_ = joined_;
  in_buffer_ = false;
}

} // namespace gateway

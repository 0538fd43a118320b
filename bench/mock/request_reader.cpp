#include "bench/mock/request_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace gateway::bench {

namespace {

constexpr std::size_t searched = 4096;

std::string_view first_line(std::string_view text) { return text.substr(0, text.find("\r\n")); }

// The value of a header, or nothing.
std::string_view find_header(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = first_line(head.substr(at + 2));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    const auto same = [](unsigned char given, char wanted) { return std::tolower(given) == wanted; };
    if (!std::equal(name.begin(), name.end(), line.begin(),
                    [&](char wanted, char given) { return same(static_cast<unsigned char>(given), wanted); }))
      continue;
    const auto value = line.substr(name.size() + 1);
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

bool asks_for_stream(std::string_view text) {
  return text.find(R"("stream":true)") != std::string_view::npos ||
         text.find(R"("stream": true)") != std::string_view::npos;
}

} // namespace

reading request_reader::next() {
  if (head_ == 0) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) return reading::incomplete;
    head_ = end + 4;
    if (!read_head()) return reading::refused;
    buffer_.reserve(head_ + body_);
  }
  if (buffer_.size() < head_ + body_) return reading::incomplete;
  const auto body = std::string_view(buffer_).substr(head_, body_);
  const bool stream = asks_for_stream(body.substr(0, searched)) ||
                      (body.size() > searched && asks_for_stream(body.substr(body.size() - searched)));
  buffer_.erase(0, head_ + body_);
  head_ = 0;
  return stream ? reading::stream : reading::completion;
}

bool request_reader::read_head() {
  const auto head = std::string_view(buffer_).substr(0, head_);
  const auto line = first_line(head);
  const auto length = find_header(head, "content-length");
  const auto read = std::from_chars(length.data(), length.data() + length.size(), body_);
  return read.ec == std::errc{} && line.starts_with("POST ") &&
         line.find("/chat/completions ") != std::string_view::npos;
}

} // namespace gateway::bench

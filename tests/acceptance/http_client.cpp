#include "tests/acceptance/http_client.hpp"

#include <strings.h>

#include <algorithm>
#include <stdexcept>

namespace gateway {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() && ::strncasecmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace

std::string find_header(const header_list& headers, std::string_view name) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return same_name(each.first, name); });
  return found == headers.end() ? std::string() : found->second;
}

std::size_t count_headers(const header_list& headers, std::string_view name) {
  const auto count =
      std::count_if(headers.begin(), headers.end(), [&](const auto& each) { return same_name(each.first, name); });
  return static_cast<std::size_t>(count);
}

std::string request_text(std::string_view method, std::string_view target, header_list headers, std::string_view body) {
  if (count_headers(headers, "host") == 0) headers.emplace_back("Host", "gateway");
  if (!body.empty() && count_headers(headers, "content-type") == 0)
    headers.emplace_back("Content-Type", "application/json");
  if (!body.empty() && count_headers(headers, "content-length") == 0)
    headers.emplace_back("Content-Length", std::to_string(body.size()));
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  return text.append("\r\n").append(body);
}

http_response http_client::call(std::string_view method, std::string_view target, header_list headers,
                                std::string_view body) {
  send(request_text(method, target, std::move(headers), body));
  return read_response(method == "HEAD");
}

bool http_client::fill() {
  const auto got = socket_.receive();
  buffer_ += got;
  return !got.empty();
}

std::string http_client::read_line() {
  while (true) {
    if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return line;
    }
    if (!fill()) throw std::runtime_error("the connection ended in a line: '" + buffer_ + "'");
  }
}

http_response http_client::read_head() {
  http_response answer;
  answer.status_line = read_line();
  if (!answer.status_line.starts_with("HTTP/1.")) throw std::runtime_error("no answer: " + answer.status_line);
  answer.status = std::stoi(answer.status_line.substr(9));
  for (auto line = read_line(); !line.empty(); line = read_line()) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("no header: " + line);
    answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  events_.clear();
  left_ = 0;
  whole_ = false;
  framing_ = framing::connection;
  if (answer.status == 204 || answer.status < 200) framing_ = framing::none;
  if (answer.has("Transfer-Encoding")) framing_ = framing::chunks;
  if (answer.has("Content-Length")) {
    framing_ = framing::length;
    left_ = std::stoul(answer.header("Content-Length"));
  }
  return answer;
}

std::string http_client::read_piece() {
  if (framing_ == framing::chunks && left_ == 0 && !whole_) {
    left_ = std::stoul(read_line(), nullptr, 16);
    if (left_ == 0) {
      read_line();
      whole_ = true;
    }
  }
  if (framing_ == framing::none || (framing_ == framing::length && left_ == 0)) whole_ = true;
  if (whole_) return {};
  if (buffer_.empty() && !fill()) return {};
  const auto count = framing_ == framing::connection ? buffer_.size() : std::min(left_, buffer_.size());
  auto piece = buffer_.substr(0, count);
  buffer_.erase(0, count);
  if (framing_ == framing::connection) return piece;
  left_ -= count;
  if (framing_ == framing::chunks && left_ == 0 && !read_line().empty())
    throw std::runtime_error("a chunk is longer than it says");
  return piece;
}

http_response http_client::read_response(bool to_head) {
  auto answer = read_head();
  if (to_head) {
    framing_ = framing::none;
    whole_ = true;
    return answer;
  }
  for (auto piece = read_piece(); !piece.empty(); piece = read_piece()) answer.body += piece;
  if (!whole_ && framing_ != framing::connection) throw std::runtime_error("the answer was cut: " + answer.body);
  return answer;
}

std::optional<std::string> http_client::read_event() {
  while (true) {
    if (const auto end = events_.find("\n\n"); end != std::string::npos) {
      auto event = events_.substr(0, end);
      events_.erase(0, end + 2);
      return event;
    }
    std::string piece;
    try {
      piece = read_piece();
    } catch (const std::runtime_error&) {
      // Cut between two chunks: `body_is_whole` says so.
      if (!is_closed()) throw;
    }
    if (piece.empty()) return std::nullopt;
    events_ += piece;
  }
}

bool http_client::is_closed() { return buffer_.empty() && socket_.receive().empty(); }

} // namespace gateway

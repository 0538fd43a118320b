#include "http/wire/responder.hpp"

#include "http/wire/header_lines.hpp"
#include "http/wire/status.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace gateway {
namespace {

asio::const_buffer bytes(std::string_view text) { return {text.data(), text.size()}; }

/// The usual answer has so much, those of its limits and its upstream included.
constexpr std::size_t usual_headers = 512;

} // namespace

responder::responder(connection& peer, timer_wheel& wheel, std::chrono::milliseconds write_patience, terms given)
    : peer_(peer), patience_(write_patience), terms_(std::move(given)), deadline_(wheel, [this] { peer_.close(); }) {}

void responder::add_header(std::string_view name, std::string_view value) {
  if (headers_.empty()) headers_.reserve(usual_headers);
  append_header(headers_, name, value);
}

void responder::add_header_on_success(std::string_view name, std::string_view value) {
  append_header(success_headers_, name, value);
}

std::string responder::head(int status, std::string_view content_type) const {
  std::string text;
  text.reserve(384 + headers_.size() + success_headers_.size());
  if (status == 200)
    text.append("HTTP/1.1 200 OK\r\n");
  else
    fmt::format_to(std::back_inserter(text), FMT_COMPILE("HTTP/1.1 {} {}\r\n"), status, reason_phrase(status));
  if (!content_type.empty()) append_header(text, "Content-Type", content_type);
  append_header(text, "X-Request-ID", terms_.request_id);
  append_header(text, "request-id", terms_.request_id);
  text.append(headers_);
  if (status < 400) text.append(success_headers_);
  if (!terms_.keep_alive) append_header(text, "Connection", "close");
  if (terms_.keep_alive && terms_.http_1_0) append_header(text, "Connection", "keep-alive");
  return text;
}

/// Whether there is nothing left to be written: it has gone out, or the caller is not there any more. Nearly always:
/// then no coroutine is needed for it, and no deadline.
bool responder::write_now(std::span<asio::const_buffer> parts) {
  if (peer_.write_now(parts)) broken_ = true;
  return broken_ || asio::buffer_size(parts) == 0;
}

task<bool> responder::write(std::span<asio::const_buffer> parts) {
  deadline_.set(patience_);
  const auto written = co_await peer_.write(parts);
  deadline_.clear();
  if (written.error) broken_ = true;
  co_return !broken_;
}

task<bool> responder::send(int status, std::string_view content_type, std::string_view body) {
  status_ = status;
  auto text = head(status, content_type);
  if (status != 204) fmt::format_to(std::back_inserter(text), FMT_COMPILE("Content-Length: {}\r\n"), body.size());
  text.append("\r\n");
  std::array parts{bytes(text), bytes(terms_.head_only ? std::string_view() : body)};
  if (write_now(parts)) co_return !broken_;
  co_return co_await write(parts);
}

task<bool> responder::refuse(const failure& why) {
  const auto body = error_body(why, terms_.request_id);
  if (streaming_) {
    // No [DONE] and no last chunk: nobody can take this for a whole answer.
    close_after();
    if (!events_) co_return false;
    co_return co_await write_events("data: " + body + "\n\n");
  }
  if (const auto wait = std::chrono::ceil<std::chrono::seconds>(why.retry_after); wait.count() > 0)
    add_header("Retry-After", std::to_string(wait.count()));
  if (why.hopeless || !status_of(why.code).retryable) add_header("x-should-retry", "false");
  co_return co_await send(http_status(why), "application/json", body);
}

void responder::start_events() {
  start_stream("text/event-stream");
  events_ = true;
}

void responder::start_stream(std::string_view content_type) {
  status_ = 200;
  streaming_ = true;
  // HTTP/1.0 has no chunks: there the end of the connection is the end of the stream.
  if (terms_.http_1_0) close_after();
  waiting_head_ = head(200, content_type);
  append_header(waiting_head_, "Cache-Control", "no-cache");
  append_header(waiting_head_, "X-Accel-Buffering", "no");
  if (!terms_.http_1_0) append_header(waiting_head_, "Transfer-Encoding", "chunked");
  waiting_head_.append("\r\n");
}

task<bool> responder::write_events(std::string_view frames) { co_return co_await write_chunk(frames, {}); }

task<bool> responder::finish_events(std::string_view last_frames) {
  const bool written = co_await write_chunk(last_frames, "0\r\n\r\n");
  if (written) streaming_ = false;
  co_return written;
}

task<bool> responder::write_chunk(std::string_view frames, std::string_view end) {
  const auto head = std::exchange(waiting_head_, {});
  if (terms_.head_only) {
    std::array parts{bytes(head)};
    co_return co_await write(parts);
  }
  if (terms_.http_1_0) {
    std::array parts{bytes(head), bytes(frames)};
    co_return co_await write(parts);
  }
  // A chunk of no bytes would be the last one.
  const auto size = frames.empty() ? std::string() : fmt::format(FMT_COMPILE("{:x}\r\n"), frames.size());
  const std::string_view line_break = frames.empty() ? "" : "\r\n";
  std::array parts{bytes(head), bytes(size), bytes(frames), bytes(line_break), bytes(end)};
  if (write_now(parts)) co_return !broken_;
  co_return co_await write(parts);
}

} // namespace gateway

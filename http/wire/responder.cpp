#include "http/wire/responder.hpp"

#include "http/wire/status.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace gateway {
namespace {

asio::const_buffer bytes(std::string_view text) { return {text.data(), text.size()}; }

} // namespace

responder::responder(connection& peer, timer_wheel& wheel, std::chrono::milliseconds write_patience, terms given)
    : peer_(peer), patience_(write_patience), terms_(std::move(given)), deadline_(wheel, [this] { peer_.close(); }) {}

void responder::add_header(std::string_view name, std::string_view value) { append_header(headers_, name, value); }

void responder::add_header_on_success(std::string_view name, std::string_view value) {
  success_headers_.append(name).append(": ").append(value).append("\r\n");
}

void responder::write_head(header_text& text, int status, std::string_view content_type) const {
  if (status == 200)
    append(text, "HTTP/1.1 200 OK\r\n");
  else
    append(text, fmt::format(FMT_COMPILE("HTTP/1.1 {} {}\r\n"), status, reason_phrase(status)));
  if (!content_type.empty()) append_header(text, "Content-Type", content_type);
  append_header(text, "X-Request-ID", terms_.request_id);
  append_header(text, "request-id", terms_.request_id);
  append(text, view(headers_));
  if (status < 400) append(text, success_headers_);
  if (!terms_.keep_alive) append_header(text, "Connection", "close");
  if (terms_.keep_alive && terms_.http_1_0) append_header(text, "Connection", "keep-alive");
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
  header_buffer head;
  write_head(head, status, content_type);
  if (status != 204) append_header(head, "Content-Length", body.size());
  append(head, "\r\n");
  std::array parts{bytes(view(head)), bytes(terms_.head_only ? std::string_view() : body)};
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
  header_buffer head;
  write_head(head, 200, content_type);
  append_header(head, "Cache-Control", "no-cache");
  append_header(head, "X-Accel-Buffering", "no");
  if (!terms_.http_1_0) append_header(head, "Transfer-Encoding", "chunked");
  append(head, "\r\n");
  waiting_head_ = view(head);
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

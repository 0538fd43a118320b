#include "http/wire/request_reader.hpp"

#include "http/wire/request_parser.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

constexpr std::size_t header_read = 4 * 1024;
constexpr std::size_t body_read = 64 * 1024;
constexpr std::size_t most_ahead = 64 * 1024;
constexpr std::size_t ahead_read = 4 * 1024;
constexpr std::chrono::milliseconds longest_drop{2000};
/// A body's room is made in steps: who only says that it is large makes no work.
constexpr std::uint64_t body_step = 256 * 1024;

} // namespace

request_reader::request_reader(connection& peer, timer_wheel& wheel, const request_limits& limits)
    : peer_(peer),
      limits_(limits),
      deadline_(wheel,
                [this] {
                  timed_out_ = true;
                  peer_.cancel();
                }),
      ahead_(limits.room, bytes_for::request) {}

request_reader::~request_reader() { stop_watching(); }

void request_reader::watch(std::function<void()> gone) {
  gone_ = std::move(gone);
  // Streams are open for minutes, by the thousands: what they do not need is not kept for them.
  if (buffer_.size() == 0) buffer_ = {};
  look_ahead();
}

void request_reader::stop_watching() {
  gone_ = nullptr;
  peer_.stop_watching();
}

bool request_reader::may_read_ahead() {
  if (buffer_.size() > most_ahead) return false;
  const auto size = buffer_.size() + ahead_read;
  // Buffers grow to the double of what they need at most.
  return size <= header_read || ahead_.cover(2 * size);
}

void request_reader::look_ahead() {
  if (may_read_ahead()) peer_.when_readable([this] { on_readable(); });
}

void request_reader::on_readable() {
  const auto got = peer_.read_now(buffer_.prepare(ahead_read));
  if (got) buffer_.commit(got->bytes);
  if (!got || !got->error) return look_ahead();
  // What it ends may be the reader itself.
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

task<result<std::optional<request>>> request_reader::next() {
  timed_out_ = false;
  if (!has_begun(buffer_)) {
    idle_ = true;
    if (buffer_.size() == 0 && buffer_.capacity() > header_read) buffer_ = {};
    deadline_.set(limits_.idle);
    error_code error;
    while (!error && !has_begun(buffer_)) {
      const auto got = co_await peer_.read_some(buffer_.prepare(header_read));
      buffer_.commit(got.bytes);
      error = outcome(got.error);
    }
    idle_ = false;
    if (error) {
      deadline_.clear();
      co_return std::nullopt;
    }
  }
  deadline_.set(limits_.header);
  request_parser reading(limits_);
  bool in_body = false;
  byte_claim room(limits_.room, bytes_for::request);
  byte_claim read_room(limits_.room, bytes_for::request);
  auto read_size = header_read;
  while (true) {
    error_code error;
    const auto taken = reading.put(buffer_.data(), error);
    buffer_.consume(taken);
    if (error && error != http::error::need_more) {
      deadline_.clear();
      if (reading.has_too_many_fields()) co_return tl::unexpected(too_many_fields());
      co_return tl::unexpected(refusal_of(error, limits_));
    }
    // All that can be left of a body is the line in front of a piece, or behind the last.
    if (reading.is_header_done() && !reading.is_done() && buffer_.size() > limits_.header_bytes) {
      deadline_.clear();
      co_return tl::unexpected(refusal_of(http::error::header_limit, limits_));
    }
    if (reading.is_header_done() && !room.cover(reading.body_size())) {
      deadline_.clear();
      co_return tl::unexpected(no_room());
    }
    if (reading.is_done()) break;
    if (!in_body && reading.is_header_done()) {
      in_body = true;
      deadline_.set(limits_.body);
      if (reading.expects_continue()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const std::array parts{asio::const_buffer(go_on.data(), go_on.size())};
        (void)co_await peer_.write(parts); // A peer that is gone shows at the next read.
      }
    }
    error = outcome({});
    if (error) {
      // It was over while the caller was told to go on.
    } else if (in_body && reading.plain_rest() > 0) {
      error = co_await read_body(reading.body(), reading.plain_rest());
      if (!error) break;
    } else {
      if (in_body && read_room.cover(body_read)) read_size = body_read;
      const auto got = co_await peer_.read_some(buffer_.prepare(read_size));
      buffer_.commit(got.bytes);
      error = outcome(got.error);
    }
    if (error) {
      deadline_.clear();
      if (timed_out_) co_return tl::unexpected(too_slow(in_body ? "body" : "header"));
      if (buffer_.size() == 0 && !reading.got_some()) co_return std::nullopt;
      co_return fail(ec::request_invalid, "the connection ended in the middle of a request");
    }
  }
  deadline_.clear();
  // What a large body was read with is not kept while it is answered.
  if (in_body) buffer_.shrink_to_fit();
  ahead_.shrink_to(0);
  auto whole = reading.take();
  whole.room = std::move(room);
  co_return std::optional<request>(std::move(whole));
}

// A deadline that found nobody waiting, because a read had given way to others, counts all the same.
error_code request_reader::outcome(const error_code& error) const {
  return timed_out_ ? asio::error::operation_aborted : error;
}

task<error_code> request_reader::read_body(std::string& body, std::uint64_t left) {
  error_code error;
  while (left > 0 && !error) {
    const auto step = std::min(left, body_step);
    auto at = body.size();
    body.resize(at + step);
    while (at < body.size() && !error) {
      const auto got = co_await peer_.read_some(asio::buffer(body.data() + at, body.size() - at));
      at += got.bytes;
      error = outcome(got.error);
    }
    // The last bytes of a body may come with the end.
    if (at == body.size() && !timed_out_) error = {};
    left -= step;
  }
  co_return error;
}

task<void> request_reader::drop_rest() {
  peer_.finish_writing();
  timed_out_ = false;
  deadline_.set(longest_drop);
  error_code ended;
  while (!ended) {
    buffer_.clear();
    const auto got = co_await peer_.read_some(buffer_.prepare(header_read));
    ended = outcome(got.error);
  }
  deadline_.clear();
}

} // namespace gateway

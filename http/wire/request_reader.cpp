#include "http/wire/request_reader.hpp"

#include "http/wire/request_parser.hpp"
#include "runtime/one_shot.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

constexpr std::size_t header_read = 4 * 1024;
constexpr std::size_t body_read = 64 * 1024;
constexpr std::size_t most_ahead = 64 * 1024;
constexpr std::chrono::milliseconds longest_drop{2000};
/// Below this a header has no room for too many fields.
constexpr std::size_t fewest_bytes_of_most_fields = 1024;
/// A body's room is made in steps: who only says that it is large makes no work.
constexpr std::uint64_t body_step = 256 * 1024;

} // namespace

request_reader::request_reader(connection& peer, timer_wheel& wheel, const request_limits& limits)
    : peer_(peer),
      io_(wheel.io()),
      limits_(limits),
      deadline_(wheel,
                [this] {
                  timed_out_ = true;
                  peer_.cancel();
                }),
      ahead_(limits.room, bytes_for::request) {}

struct request_reader::early_read {
  std::array<char, 4096> room;
  request_reader* reader; ///< Null once it has gone.
  bool pending = false;
  error_code failed;
  std::function<void()> gone;
  one_shot* waiter = nullptr;
};

request_reader::~request_reader() {
  if (early_) early_->reader = nullptr;
}

void request_reader::watch(std::function<void()> gone) {
  if (!early_) {
    early_ = std::make_shared<early_read>();
    early_->reader = this;
  }
  early_->gone = std::move(gone);
  // Streams are open for minutes, by the thousands: what they do not need is not kept for them.
  if (buffer_.size() == 0) buffer_ = {};
  if (!early_->pending) read_ahead();
}

void request_reader::stop_watching() {
  if (early_) early_->gone = nullptr;
}

bool request_reader::may_read_ahead() {
  if (early_->failed || buffer_.size() > most_ahead) return false;
  const auto size = buffer_.size() + early_->room.size();
  // Buffers grow to the double of what they need at most.
  return size <= header_read || ahead_.cover(2 * size);
}

void request_reader::read_ahead() {
  if (!may_read_ahead()) return;
  early_->pending = true;
  peer_.read_ahead(asio::buffer(early_->room), [early = early_](const io_result& got) {
    early->pending = false;
    if (early->reader) early->reader->on_read_ahead(got);
  });
}

void request_reader::on_read_ahead(const io_result& got) {
  if (got.bytes > 0) {
    const auto room = buffer_.prepare(got.bytes);
    std::memcpy(room.data(), early_->room.data(), got.bytes);
    buffer_.commit(got.bytes);
  }
  early_->failed = got.error;
  if (early_->waiter) return early_->waiter->fire();
  if (!early_->gone) return;
  if (!got.error) return read_ahead();
  // What it ends may be the reader itself.
  const auto gone = std::exchange(early_->gone, nullptr);
  gone();
}

task<error_code> request_reader::fill(std::size_t most) {
  if (early_ && early_->pending) {
    one_shot done(io_);
    early_->waiter = &done;
    co_await done.wait();
    early_->waiter = nullptr;
    co_return early_->failed;
  }
  if (early_ && early_->failed) co_return early_->failed;
  const auto [error, bytes] = co_await peer_.read_some(buffer_.prepare(most));
  buffer_.commit(bytes);
  co_return error;
}

task<result<std::optional<request>>> request_reader::next() {
  timed_out_ = false;
  if (!has_begun(buffer_)) {
    idle_ = true;
    if (buffer_.size() == 0 && buffer_.capacity() > header_read) buffer_ = {};
    deadline_.set(limits_.idle);
    error_code error;
    while (!error && !has_begun(buffer_)) error = co_await fill(header_read);
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
      co_return tl::unexpected(refusal_of(error, limits_));
    }
    if (!in_body && taken > fewest_bytes_of_most_fields && reading.is_header_done() && reading.has_too_many_fields()) {
      deadline_.clear();
      co_return tl::unexpected(too_many_fields());
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
    if (in_body && reading.plain_rest() > 0 && !comes_ahead()) {
      error = co_await read_body(reading.body(), reading.plain_rest());
      if (!error) break;
    } else {
      if (in_body && read_room.cover(body_read)) read_size = body_read;
      error = co_await fill(read_size);
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

bool request_reader::comes_ahead() const { return early_ && (early_->pending || early_->failed); }

task<error_code> request_reader::read_body(std::string& body, std::uint64_t left) {
  error_code error;
  while (left > 0 && !error) {
    const auto step = std::min(left, body_step);
    auto at = body.size();
    body.resize(at + step);
    while (at < body.size() && !error) {
      const auto got = co_await peer_.read_some(asio::buffer(body.data() + at, body.size() - at));
      at += got.bytes;
      error = got.error;
    }
    // The last bytes of a body may come with the end.
    if (at == body.size()) error = {};
    left -= step;
  }
  co_return error;
}

task<void> request_reader::drop_rest() {
  peer_.finish_writing();
  deadline_.set(longest_drop);
  error_code ended;
  while (!ended) {
    buffer_.clear();
    ended = co_await fill(header_read);
  }
  deadline_.clear();
}

} // namespace gateway

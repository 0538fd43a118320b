#include "http/upstream/http_answer.hpp"

#include "domain/time.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/coarse_clock.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

constexpr std::size_t large_read = 16 * 1024;
/// So much of an answer belongs to what every request may take.
constexpr std::uint64_t uncounted = 16 * 1024;
constexpr std::chrono::milliseconds longest_drop{1000};

} // namespace

http_answer::http_answer(lent_connection peer, timer_wheel& wheel, const upstream_timeouts& timeouts,
                         const upstream_call& what, const answer_bounds& bounds)
    : peer_(std::move(peer)),
      bounds_(bounds),
      room_(bounds.room, bytes_for::answer),
      timeouts_(timeouts),
      end_(what.began + timeouts.total),
      events_(bounds.event_bytes),
      deadline_(wheel,
                [this] {
                  if (whole_) return;
                  late_ = true;
                  peer_.peer().close();
                }),
      patience_(wheel, [this] {
        if (whole_) return;
        quiet_ = true;
        peer_.peer().cancel();
      }) {}

void http_answer::enter(std::string_view phase, std::chrono::milliseconds limit) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - coarse_now());
  phase_ = left < limit ? "total" : phase;
  deadline_.set(std::max(std::min(left, limit), std::chrono::milliseconds(0)));
}

failure http_answer::broken(const error_code& error) const {
  if (late_) return timed_out(phase_);
  if (error == asio::error::operation_aborted) return caller_has_left();
  return unreachable("the answer broke: " + error.message());
}

void http_answer::took(std::size_t bytes) {
  buffer_.commit(bytes);
  if (bytes == read_size_) read_size_ = large_read;
  if (bytes > 0) got_some_ = true;
}

task<error_code> http_answer::fill() {
  const auto [error, bytes] = co_await peer_.peer().read_some(buffer_.prepare(read_size_));
  took(bytes);
  if (error == asio::error::eof && parser_->ends_here()) co_return error_code();
  co_return error;
}

task<result<void>> http_answer::begin(std::span<asio::const_buffer> request) {
  enter("first_byte", timeouts_.first_byte);
  auto unsent = peer_.peer().write_now(request);
  if (!unsent && asio::buffer_size(request) > 0) {
    const auto rest = co_await peer_.peer().write(request);
    unsent = rest.error;
  }
  // A provider may answer, and close, before it has read all: its answer counts, its connection does not.
  reusable_ = !unsent;
  while (!parser_->is_header_done()) {
    const auto [error, bytes] = co_await peer_.peer().read_some(buffer_.prepare(read_size_));
    took(bytes);
    if (error) co_return tl::unexpected(broken(unsent ? unsent : error));
    // What is wrong with its body shows again when that is asked for.
    auto failed = parse();
    while (!failed && parser_->is_header_done() && parser_->is_interim()) {
      parser_.emplace();
      failed = parse();
    }
    if (failed && !parser_->is_header_done()) co_return tl::unexpected(std::move(*failed));
  }
  if (parser_->status == 101) co_return tl::unexpected(unreachable("it wants to speak another protocol"));
  read_head();
  co_return result<void>{};
}

void http_answer::read_head() {
  status = parser_->status;
  is_event_stream = parser_->is_event_stream();
  content_type = std::move(parser_->content_type);
  request_id = std::move(parser_->request_id);
  if (parser_->content_encoding != "identity") coding_ = std::move(parser_->content_encoding);
  if (coding_ == "gzip" || coding_ == "x-gzip") decoder_.emplace();
  if (status >= 400) retry_after = parser_->retry_after(wall_clock_now());
}

task<result<std::string_view>> http_answer::more() {
  if (coding_.empty()) co_return co_await more_encoded();
  if (!decoder_) co_return tl::unexpected(unreachable("the answer's coding is " + coding_));
  while (true) {
    const auto decoded = decoder_->next();
    if (!decoded) co_return tl::unexpected(decoded.error());
    if (!decoded->empty()) co_return *decoded;
    const auto piece = co_await more_encoded();
    if (!piece) co_return piece;
    if (piece->empty() && whole_ && !decoder_->whole())
      co_return tl::unexpected(unreachable("the answer's gzip is cut"));
    if (piece->empty()) co_return piece;
    decoder_->feed(*piece);
  }
}

std::optional<result<std::string_view>> http_answer::ready() {
  if (!coding_.empty()) return std::nullopt;
  return ready_encoded();
}

std::optional<failure> http_answer::parse() {
  error_code error;
  if (!parser_->is_done()) buffer_.consume(parser_->put(buffer_.data(), error));
  if (error && error != http::error::need_more) return broken(error);
  if (!parser_->is_done() && buffer_.size() > answer_parser::largest_header) return broken(http::error::header_limit);
  return std::nullopt;
}

std::optional<result<std::string_view>> http_answer::ready_encoded() {
  // What begin() has found of it comes first.
  if (std::exchange(handed_out_, true)) parser_->body.clear();
  auto failed = parser_->body.empty() ? parse() : std::nullopt;
  if (!parser_->body.empty()) return std::string_view(parser_->body);
  if (failed) return tl::unexpected(std::move(*failed));
  if (!parser_->is_done()) return std::nullopt;
  finish();
  return std::string_view();
}

task<result<std::string_view>> http_answer::more_encoded() {
  while (true) {
    if (auto here = ready_encoded()) co_return *std::move(here);
    if (const auto error = co_await fill()) {
      if (quiet_ && error == asio::error::operation_aborted) co_return std::string_view();
      co_return tl::unexpected(broken(error));
    }
  }
}

void http_answer::finish() {
  if (std::exchange(whole_, true)) return;
  deadline_.clear();
  if (reusable_ && parser_->keep_alive() && buffer_.size() == 0) peer_.give_back();
}

std::optional<failure> http_answer::too_large(std::uint64_t bytes) {
  if (bytes > bounds_.body_bytes) return unreachable("the answer is larger than limits.answer_bytes");
  if (!has_room_for(bytes)) return no_room();
  return std::nullopt;
}

std::optional<result<std::string>> http_answer::ready_body() {
  if (!coding_.empty()) return std::nullopt;
  auto failed = parse();
  if (!failed) failed = too_large(parser_->body.size());
  if (failed) return tl::unexpected(std::move(*failed));
  if (!parser_->is_done()) return std::nullopt;
  finish();
  return std::move(parser_->body);
}

task<result<std::string>> http_answer::body() {
  if (!coding_.empty()) co_return co_await decoded_body();
  enter("first_byte", timeouts_.first_byte);
  std::size_t seen = 0;
  while (true) {
    if (auto whole = ready_body()) co_return *std::move(whole);
    const auto size = parser_->body.size();
    if (std::exchange(seen, size) < size) enter("between_tokens", timeouts_.between_tokens);
    if (const auto error = co_await fill()) co_return tl::unexpected(broken(error));
  }
}

task<result<std::string>> http_answer::decoded_body() {
  std::string whole;
  enter("first_byte", timeouts_.first_byte);
  while (true) {
    const auto piece = co_await more();
    if (!piece) co_return tl::unexpected(piece.error());
    if (piece->empty()) co_return whole;
    if (auto failed = too_large(whole.size() + piece->size())) co_return tl::unexpected(std::move(*failed));
    whole += *piece;
    if (!parser_->is_done()) enter("between_tokens", timeouts_.between_tokens);
  }
}

bool http_answer::has_room_for(std::uint64_t bytes) { return bytes <= uncounted || room_.cover(bytes); }

task<void> http_answer::drop_rest() {
  if (whole_) co_return;
  enter("between_tokens", longest_drop);
  // It ends with the body, or with the deadline, which closes the connection.
  for (auto piece = co_await more(); piece && !piece->empty(); piece = co_await more()) continue;
}

} // namespace gateway

#include "http/upstream/http_answer.hpp"

#include "http/upstream/upstream_failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

constexpr std::size_t read_size = 16 * 1024;
constexpr std::uint32_t largest_header = 64 * 1024;
constexpr std::size_t largest_body = 64 * 1024 * 1024;
constexpr std::size_t largest_event = 16 * 1024 * 1024;
constexpr std::chrono::milliseconds longest_drop{1000};

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

bool is_event_stream_type(std::string_view type) {
  constexpr std::string_view expected = "text/event-stream";
  return boost::beast::iequals(boost::beast::string_view(type.data(), std::min(type.size(), expected.size())),
                               boost::beast::string_view(expected.data(), expected.size()));
}

} // namespace

http_answer::http_answer(lent_connection peer, timer_wheel& wheel, const upstream_timeouts& timeouts,
                         const upstream_call& what)
    : peer_(std::move(peer)),
      timeouts_(timeouts),
      end_(what.began + timeouts.total),
      events_(largest_event),
      deadline_(wheel, [this] {
        if (whole_) return;
        late_ = true;
        peer_.peer().close();
      }) {
  parser_.header_limit(largest_header);
  parser_.body_limit(boost::none);
}

void http_answer::enter(std::string_view phase, std::chrono::milliseconds limit) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
  phase_ = left < limit ? "total" : phase;
  deadline_.set(std::max(std::min(left, limit), std::chrono::milliseconds(0)));
}

failure http_answer::broken(const error_code& error) const {
  return late_ ? timed_out(phase_) : unreachable("the answer broke: " + error.message());
}

task<error_code> http_answer::fill() {
  const auto [error, bytes] = co_await peer_.peer().read_some(buffer_.prepare(read_size));
  buffer_.commit(bytes);
  if (bytes > 0) got_some_ = true;
  co_return error;
}

task<result<void>> http_answer::begin(std::span<const asio::const_buffer> request) {
  enter("first_byte", timeouts_.first_byte);
  const auto written = co_await peer_.peer().write(request);
  // A provider may answer, and close, before it has read all: its answer counts, its connection does not.
  reusable_ = !written.error;
  while (!parser_.is_header_done()) {
    if (const auto error = co_await fill()) co_return tl::unexpected(broken(written.error ? written.error : error));
    error_code refused;
    buffer_.consume(parser_.put(buffer_.data(), refused));
    if (refused && refused != http::error::need_more) co_return tl::unexpected(broken(refused));
  }
  read_head();
  co_return result<void>{};
}

void http_answer::read_head() {
  // From here on one `put` takes all that is there, not just one chunk's header.
  parser_.eager(true);
  const auto& head = parser_.get();
  status = static_cast<int>(head.result_int());
  content_type = text(head[http::field::content_type]);
  is_event_stream = is_event_stream_type(content_type);
  request_id = text(head["x-request-id"]);
  const auto wait = head[http::field::retry_after];
  long seconds = 0;
  std::from_chars(wait.data(), wait.data() + wait.size(), seconds);
  retry_after = std::chrono::seconds(std::clamp(seconds, 0L, 86400L));
}

task<result<std::string_view>> http_answer::more() {
  while (!parser_.is_done()) {
    auto& room = parser_.get().body();
    room.data = piece_.data();
    room.size = piece_.size();
    room.more = true;
    error_code error;
    buffer_.consume(parser_.put(buffer_.data(), error));
    const auto got = piece_.size() - room.size;
    if (got > 0) co_return std::string_view(piece_.data(), got);
    if (parser_.is_done()) break;
    if (error && error != http::error::need_more && error != http::error::need_buffer)
      co_return tl::unexpected(broken(error));
    if (auto failed = co_await fill()) {
      // Without a length the end of the connection is the end of the body.
      error_code cut;
      if (failed == asio::error::eof) parser_.put_eof(cut);
      if (failed != asio::error::eof || cut || !parser_.is_done()) co_return tl::unexpected(broken(failed));
    }
  }
  finish();
  co_return std::string_view();
}

void http_answer::finish() {
  if (std::exchange(whole_, true)) return;
  deadline_.clear();
  if (reusable_ && parser_.keep_alive() && buffer_.size() == 0) peer_.give_back();
}

task<result<std::string>> http_answer::body() {
  std::string whole;
  enter("first_byte", timeouts_.first_byte);
  while (true) {
    const auto piece = co_await more();
    if (!piece) co_return tl::unexpected(piece.error());
    if (piece->empty()) co_return whole;
    if (whole.size() + piece->size() > largest_body)
      co_return tl::unexpected(unreachable("the answer is larger than 64 MiB"));
    whole += *piece;
    enter("between_tokens", timeouts_.between_tokens);
  }
}

std::optional<std::string_view> http_answer::ready_event() { return events_.next(); }

task<result<std::optional<std::string_view>>> http_answer::next_event() {
  if (any_event_)
    enter("between_tokens", timeouts_.between_tokens);
  else
    enter("first_token", timeouts_.first_token);
  while (true) {
    if (auto event = events_.next()) {
      any_event_ = true;
      deadline_.clear();
      co_return event;
    }
    if (events_.too_large()) co_return tl::unexpected(unreachable("an event is larger than 16 MiB"));
    if (whole_) co_return events_.finish();
    const auto piece = co_await more();
    if (!piece) co_return tl::unexpected(piece.error());
    events_.feed(*piece);
  }
}

task<void> http_answer::drop_rest() {
  if (whole_) co_return;
  enter("between_tokens", longest_drop);
  // It ends with the body, or with the deadline, which closes the connection.
  for (auto piece = co_await more(); piece && !piece->empty(); piece = co_await more()) continue;
}

} // namespace gateway

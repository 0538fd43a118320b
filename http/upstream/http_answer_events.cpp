#include "http/upstream/http_answer.hpp"
#include "http/upstream/upstream_failure.hpp"

#include <chrono>

namespace gateway {

std::optional<std::string_view> http_answer::ready_event() { return events_.next(); }

task<result<bool>> http_answer::feed_events() {
  auto here = ready();
  if (!here) here = co_await more();
  const auto& piece = *here;
  if (!piece) co_return tl::unexpected(piece.error());
  events_.feed(*piece);
  // What was told of it to the caller is a copy.
  if (!has_room_for(2 * events_.held())) co_return tl::unexpected(no_room());
  co_return !piece->empty();
}

task<result<stream_step>> http_answer::next_event(std::chrono::milliseconds patience) {
  if (!quiet_) {
    if (any_event_)
      enter("between_tokens", timeouts_.between_tokens);
    else
      enter("first_token", timeouts_.first_token);
  }
  quiet_ = false;
  if (patience.count() > 0) patience_.set(patience);
  while (true) {
    if (const auto event = events_.next()) {
      any_event_ = true;
      deadline_.clear();
      patience_.clear();
      quiet_ = false;
      co_return stream_step{stream_step::kind::event, *event};
    }
    if (events_.too_large()) co_return tl::unexpected(unreachable("an event is too large (limits.event_bytes)"));
    if (whole_) {
      const auto last = events_.finish();
      if (!last) co_return stream_step{};
      co_return stream_step{stream_step::kind::event, *last};
    }
    const auto fed = co_await feed_events();
    if (!fed) co_return tl::unexpected(fed.error());
    if (!*fed && !whole_ && quiet_) co_return stream_step{stream_step::kind::quiet};
  }
}

} // namespace gateway

#include "http/journey/event_relay.hpp"

#include "http/upstream/upstream_failure.hpp"

#include <chrono>
#include <utility>

namespace gateway {

event_relay::event_relay(exchange& talk, model_request& wanted, admission& granted, tally& used)
    : talk_(talk), wanted_(wanted), granted_(granted), used_(used), more_(granted.hold, used.way(), wanted) {}

task<result<void>> event_relay::run(upstream_answer& answer) {
  const auto keepalive = talk_.house.settings.timeouts.client.stream_keepalive;
  while (!done_) {
    // A comment would be the first byte: then a failure could not be told as a plain error any more.
    const auto patience = talk_.reply.started() ? keepalive : std::chrono::milliseconds{};
    talk_.upstream_time.start();
    const auto step = co_await answer.next_event(patience);
    talk_.upstream_time.stop();
    if (!step) {
      // Whatever happens to a stream that has finished, the caller has all of it.
      if (finished_ == 0 || step.error().code == ec::cancelled) co_return tl::unexpected(step.error());
      break;
    }
    if (step->what == stream_step::kind::end) break;
    result<void> fine;
    if (!talk_.reply.started() && !granted_.may_answer()) {
      fine = co_await granted_.before_answer();
      if (!fine) co_return fine;
    }
    if (step->what == stream_step::kind::quiet) {
      frames_ = ": keep-alive\n\n";
    } else {
      fine = take(step->data);
      while (fine && !done_ && !more_.is_due(used_.completion_tokens())) {
        const auto next = answer.ready_event();
        if (!next) break;
        fine = take(*next);
      }
    }
    if (done_) break;
    const bool written = co_await flush();
    if (!written) co_return left();
    if (fine && more_.is_due(used_.completion_tokens())) fine = co_await more_.take(used_.completion_tokens());
    if (!fine) co_return fine;
  }
  if (!done_ && finished_ == 0) co_return tl::unexpected(unreachable("the stream ended before its end"));
  co_return co_await finish(answer);
}

task<bool> event_relay::flush() {
  if (frames_.empty()) co_return true;
  const auto frames = std::exchange(frames_, {});
  co_return co_await talk_.reply.write_events(frames);
}

task<result<void>> event_relay::finish(upstream_answer& answer) {
  frame("[DONE]");
  used_.close();
  granted_.hold.settle();
  const bool written = co_await talk_.reply.finish_events(frames_);
  if (!written) co_return left();
  talk_.upstream_time.start();
  co_await answer.drop_rest();
  co_return result<void>{};
}

result<void> event_relay::take(std::string_view event) {
  const auto scan = scan_event(event);
  if (!scan.done && !scan.is_object) return tl::unexpected(unreachable("an event is not a JSON object"));
  if (scan.has_error) {
    auto why = failure_of_error(event);
    // The status has gone out: what is left to say is that the stream broke.
    if (talk_.reply.started()) return tl::unexpected(unreachable("the stream carried an error: " + why.note));
    used_.refused();
    return tl::unexpected(std::move(why));
  }
  if (scan.done) {
    if (!talk_.reply.started()) return tl::unexpected(unreachable("the stream has no events"));
    done_ = true;
    return {};
  }
  if (scan.has_choices) used_.passed(scan.content);
  if (scan.usage) used_.provider_says(*scan.usage);
  if (!is_for_caller(scan)) return {};
  begin();
  frame(event);
  return {};
}

bool event_relay::is_for_caller(const event_scan& scan) {
  const bool has_usage = scan.usage.has_value();
  // Only usage, or nothing at all.
  if (scan.has_choices_field && !scan.has_choices) return has_usage && wanted_.scan.include_usage;
  if (has_usage && !scan.has_choices) return wanted_.scan.include_usage;
  const bool repeats = scan.finishes != 0 && (scan.speaks & ~finished_) == 0;
  finished_ |= scan.finishes;
  return !repeats || (has_usage && wanted_.scan.include_usage);
}

/// The status line goes out with the first event: what fails before it is a plain HTTP error.
void event_relay::begin() {
  if (talk_.reply.started()) return;
  talk_.announce_upstream();
  talk_.reply.start_events();
  // No further call will need it.
  wanted_.body = std::string();
  const auto took = std::chrono::steady_clock::now() - talk_.began();
  talk_.first_token = took;
  talk_.record.ttft_ms =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

result<void> event_relay::left() {
  talk_.caller_left();
  return {};
}

} // namespace gateway

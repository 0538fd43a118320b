#include "http/journey/relay.hpp"

#include "domain/chat/answer_scan.hpp"
#include "domain/chat/token_estimate.hpp"
#include "http/upstream/upstream_failure.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

/// What the request has used so far, kept up to date in its record and its hold.
class tally {
 public:
  tally(audit_record& record, held_quota& hold, std::uint64_t prompt_tokens)
      : record_(record), hold_(hold), prompt_tokens_(prompt_tokens) {}

  void provider_says(const token_usage& usage) { note(usage, usage_source::provider); }
  /// Until the provider gives its own count, which it may never do.
  void estimate(std::uint64_t completion_tokens) {
    if (record_.source != usage_source::provider) note({prompt_tokens_, completion_tokens}, usage_source::estimated);
  }

 private:
  void note(const token_usage& usage, usage_source source) {
    record_.usage = usage;
    record_.source = source;
    hold_.spend(usage.total());
  }

  audit_record& record_;
  held_quota& hold_;
  std::uint64_t prompt_tokens_;
};

void pass_request_id(exchange& talk, const upstream_answer& answer) {
  if (!answer.request_id.empty()) talk.reply.add_header("x-upstream-request-id", answer.request_id);
}

task<result<void>> relay_whole(exchange& talk, const model_surface& how, const model_request& wanted,
                               upstream_answer& answer, held_quota& hold) {
  auto body = co_await answer.body();
  if (!body) co_return tl::unexpected(std::move(body.error()));
  const auto scan = scan_answer(*body);
  if (!scan.is_object) co_return tl::unexpected(unreachable("the answer is not a whole JSON object"));
  tally used(talk.record, hold, wanted.scan.prompt_tokens);
  if (scan.usage)
    used.provider_says(*scan.usage);
  else
    used.estimate(estimate_tokens(*body));
  auto written = how.write(talk, wanted, std::move(*body));
  if (!written) co_return tl::unexpected(std::move(written.error()));
  hold.settle();
  if (!co_await talk.reply.send(200, "application/json", *written)) talk.caller_left();
  co_return result<void>{};
}

/// The events of one answer, on their way to the caller.
class event_relay {
 public:
  event_relay(exchange& talk, const model_request& wanted, held_quota& hold)
      : talk_(talk), wanted_(wanted), hold_(hold), used_(talk.record, hold, wanted.scan.prompt_tokens) {}

  task<result<void>> run(upstream_answer& answer) {
    while (!done_) {
      auto event = co_await answer.next_event();
      if (!event) co_return tl::unexpected(std::move(event.error()));
      if (!*event) break;
      // Whatever came with it goes out in the same write.
      result<void> fine;
      for (auto next = *event; next && !done_ && fine; next = answer.ready_event()) fine = take(*next);
      if (done_) break;
      if (!frames_.empty()) {
        const auto frames = std::exchange(frames_, {});
        const bool written = co_await talk_.reply.write_events(frames);
        if (!written) co_return left();
      }
      if (!fine) co_return fine;
    }
    if (!done_ && !finished_) co_return tl::unexpected(unreachable("the stream ended before its end"));
    if (!done_) frame("[DONE]");
    hold_.settle();
    if (!co_await talk_.reply.finish_events(frames_)) co_return left();
    co_await answer.drop_rest();
    co_return result<void>{};
  }

 private:
  result<void> take(std::string_view event) {
    const auto scan = scan_event(event);
    if (!scan.done && !scan.is_object) return tl::unexpected(unreachable("an event is not a JSON object"));
    if (scan.has_error) return tl::unexpected(failed_event(event));
    if (scan.done && !talk_.reply.started()) return tl::unexpected(unreachable("the stream has no events"));
    begin();
    done_ = scan.done;
    finished_ = finished_ || scan.finished;
    if (scan.has_choices) used_.estimate(++chunks_);
    if (scan.usage) used_.provider_says(*scan.usage);
    const bool only_usage = scan.usage && !scan.has_choices;
    if (!only_usage || wanted_.scan.include_usage) frame(event);
    return {};
  }

  /// The status line goes out with the first event: what fails before it is a plain HTTP error.
  void begin() {
    if (talk_.reply.started()) return;
    talk_.reply.start_events();
    const auto took = std::chrono::steady_clock::now() - talk_.began();
    talk_.record.ttft_ms =
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }

  static failure failed_event(std::string_view event) {
    const auto said = error_of(event);
    return unreachable("the stream carried an error" + (said ? " (" + said->type.substr(0, 100) + ")" : std::string()));
  }

  result<void> left() {
    talk_.caller_left();
    return {};
  }

  void frame(std::string_view data) { frames_.append("data: ").append(data).append("\n\n"); }

  exchange& talk_;
  const model_request& wanted_;
  held_quota& hold_;
  tally used_;
  std::string frames_;
  std::uint64_t chunks_ = 0; ///< With choices; providers send about a token in each.
  bool done_ = false;
  bool finished_ = false;
};

} // namespace

task<result<void>> relay(exchange& talk, const model_surface& how, const model_request& wanted, upstream_answer& answer,
                         held_quota& hold) {
  pass_request_id(talk, answer);
  if (answer.status < 200 || answer.status > 299) {
    const auto body = co_await answer.body();
    co_return tl::unexpected(
        failure_of({answer.status, body ? std::string_view(*body) : std::string_view(), answer.retry_after}));
  }
  if (answer.is_event_stream != wanted.scan.stream)
    co_return tl::unexpected(unreachable("the answer's type is " + answer.content_type));
  if (!wanted.scan.stream) co_return co_await relay_whole(talk, how, wanted, answer, hold);
  event_relay events(talk, wanted, hold);
  co_return co_await events.run(answer);
}

} // namespace gateway

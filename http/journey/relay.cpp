#include "http/journey/relay.hpp"

#include "domain/chat/answer_scan.hpp"
#include "http/journey/event_relay.hpp"
#include "http/upstream/upstream_failure.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

task<result<void>> relay_whole(exchange& talk, const model_surface& how, const model_request& wanted,
                               upstream_answer& answer, admission& granted, tally& used) {
  auto here = answer.ready_body();
  if (!here) here = co_await answer.body();
  auto& body = *here;
  talk.upstream_time.stop();
  if (!body) co_return tl::unexpected(std::move(body.error()));
  const auto scan = scan_answer(*body);
  if (!scan.is_object) co_return tl::unexpected(unreachable("the answer is not a whole JSON object"));
  if (scan.has_error) {
    used.refused();
    co_return tl::unexpected(failure_of_error(*body));
  }
  if (scan.usage)
    used.provider_says(*scan.usage);
  else if (how.kind != surface::embeddings)
    used.passed(100 * tokens_said(*body));
  used.close();
  auto written = how.write(talk, wanted, std::move(*body));
  if (!written) co_return tl::unexpected(std::move(written.error()));
  if (!granted.may_answer()) {
    auto recorded = co_await granted.before_answer();
    if (!recorded) co_return recorded;
  }
  granted.hold.settle();
  talk.announce_upstream();
  if (!co_await talk.reply.send(200, "application/json", *written)) talk.caller_left();
  co_return result<void>{};
}

/// What the provider says instead of an answer.
task<result<void>> relay_refusal(upstream_answer& answer, tally& used) {
  used.refused();
  const auto body = co_await answer.body();
  if (!body && body.error().code == ec::cancelled) co_return tl::unexpected(body.error());
  co_return tl::unexpected(
      failure_of({answer.status, body ? std::string_view(*body) : std::string_view(), answer.retry_after}));
}

task<result<void>> relay_stream(exchange& talk, model_request& wanted, upstream_answer& answer, admission& granted,
                                tally& used) {
  event_relay events(talk, wanted, granted, used);
  co_return co_await events.run(answer);
}

/// An answer that is not what was asked for: where it is not a stream, which may have no end, its body perhaps says
/// why.
task<result<void>> relay_oddity(upstream_answer& answer, tally& used) {
  if (answer.is_event_stream) co_return tl::unexpected(unreachable("the answer's type is " + answer.content_type));
  const auto body = co_await answer.body();
  if (!body) co_return tl::unexpected(body.error());
  if (error_of(*body)) {
    used.refused();
    co_return tl::unexpected(failure_of_error(*body));
  }
  co_return tl::unexpected(unreachable("the answer's type is " + answer.content_type));
}

} // namespace

task<result<void>> relay(exchange& talk, const model_surface& how, model_request& wanted, upstream_answer& answer,
                         admission& granted, tally& used) {
  talk.upstream_request_id = answer.request_id;
  if (answer.status < 200 || answer.status > 299) return relay_refusal(answer, used);
  if (answer.is_event_stream != wanted.scan.stream) return relay_oddity(answer, used);
  if (wanted.scan.stream) return relay_stream(talk, wanted, answer, granted, used);
  return relay_whole(talk, how, wanted, answer, granted, used);
}

} // namespace gateway

#include "http/journey/attempts.hpp"

#include "domain/chat/request_edit.hpp"
#include "http/journey/called_target.hpp"
#include "http/journey/relay.hpp"
#include "http/journey/tally.hpp"
#include "http/journey/watched_caller.hpp"
#include "http/log.hpp"
#include "http/upstream/forwarded_headers.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/ask.hpp"
#include "runtime/pause.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace gateway {
namespace {

/// For a target that was picked when its request has gone.
struct put_back {
  void operator()(const caf::strong_actor_ptr& picker, const picked_target& late) const {
    called_target(caf::actor_cast<chat_upstream_actor>(picker), late);
  }
};

} // namespace

attempts::attempts(exchange& talk, const model_surface& how, model_request& wanted, const matched_route& asked_for,
                   const principal& who, admission& granted)
    : talk_(talk),
      how_(how),
      wanted_(wanted),
      who_(who),
      granted_(granted),
      headers_(forwarded_headers(talk.asked)),
      total_(talk.house.settings.timeouts.upstream.total),
      plan_(
          *talk.house.routes, talk.house.settings.retry, wanted_.model, asked_for,
          [&who](std::string_view model) { return may_use(who, model); }, talk.house.random) {}

task<result<void>> attempts::run() {
  const watched_caller watched(talk_);
  if (!granted_.may_call()) {
    auto recorded = co_await granted_.before_call();
    if (!recorded) co_return recorded;
  }
  while (true) {
    next_step next;
    // To the millisecond: what had to rest until now may be called.
    question<picked_target, put_back> asked(talk_.house.chat_upstream(), pick_atom::value, plan_.wish(),
                                            wall_clock_now());
    if (!asked.answered()) co_await asked.wait();
    auto target = asked.take();
    if (target) {
      plan_.picked();
      auto done = co_await call(*target);
      if (done || talk_.reply.started() || done.error().code == ec::cancelled) co_return done;
      note_failure(*target, done.error());
      next = plan_.failed(*target, std::move(done.error()), time_left());
    } else {
      if (target.error().code == ec::cancelled) co_return tl::unexpected(std::move(target.error()));
      next = plan_.no_target(std::move(target.error()), time_left());
    }
    if (!next.goes_on) co_return tl::unexpected(plan_.last_failure());
    if (next.wait.count() > 0) {
      talk_.upstream_time.start();
      const bool over = co_await pause_for(talk_.house.here.io(), next.wait);
      talk_.upstream_time.stop();
      if (!over) co_return tl::unexpected(caller_has_left());
    }
  }
}

task<result<void>> attempts::call(const picked_target& where) {
  called_target target(talk_.house.chat_upstream(), where, &talk_.house.counts.calls_to(where.upstream));
  tally used(talk_, granted_.hold, where, wanted_);
  auto& record = talk_.record;
  record.upstream = where.upstream;
  record.upstream_model = where.upstream_model;
  ++record.attempts;
  talk_.upstream_request_id.clear();
  total_ = talk_.house.settings.upstreams.at(where.upstream).timeouts.total;
  const edited_body body(wanted_.body, wanted_.scan, where.upstream_model);
  upstream_call what{.path = how_.upstream_path,
                     .body = body,
                     .stream = wanted_.scan.stream,
                     .headers = headers_,
                     .request_id = record.request_id,
                     .tenant = who_.tenant_id,
                     .cost = granted_.hold.amount().tokens,
                     .model = where.upstream_model,
                     .credential = where.credential,
                     .began = talk_.began(),
                     .reached = used.reached()};
  const auto began = std::chrono::steady_clock::now();
  talk_.upstream_time.start(began);
  auto answer = co_await talk_.house.models.at(where.upstream).call(what);
  if (answer) {
    target.answered(std::chrono::steady_clock::now() - began);
    used.answered();
  }
  // Not as one expression: a co_await in a branch of ?: is another thing whose result g++ 12 destroys twice.
  result<void> relayed;
  if (answer)
    relayed = co_await relay(talk_, how_, wanted_, **answer, granted_, used);
  else
    relayed = tl::unexpected(std::move(answer.error()));
  talk_.upstream_time.stop();
  if (!relayed)
    target.failed(relayed.error());
  else if (talk_.record.error_code.empty())
    target.succeeded();
  co_return relayed;
}

std::chrono::milliseconds attempts::time_left() const {
  return std::chrono::ceil<std::chrono::milliseconds>(talk_.began() + total_ - std::chrono::steady_clock::now());
}

void attempts::note_failure(const picked_target& where, const failure& why) const {
  if (!log_wants(log_level::debug)) return;
  log_event(log_level::debug, "attempt_failed",
            {{"request_id", talk_.record.request_id},
             {"upstream", where.upstream},
             {"attempt", talk_.record.attempts},
             {"code", to_string(why.code)},
             {"reason", why.note}});
}

} // namespace gateway

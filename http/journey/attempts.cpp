#include "http/journey/attempts.hpp"

#include "domain/chat/request_edit.hpp"
#include "domain/retry/call_plan.hpp"
#include "http/journey/called_target.hpp"
#include "http/journey/relay.hpp"
#include "http/journey/tally.hpp"
#include "http/journey/watched_caller.hpp"
#include "http/log.hpp"
#include "http/upstream/forwarded_headers.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/ask.hpp"
#include "runtime/pause.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace gateway {
namespace {

/// One request on its way from target to target.
class attempts {
 public:
  attempts(exchange& talk, const model_surface& how, model_request wanted, const principal& who, admission& granted)
      : talk_(talk),
        how_(how),
        wanted_(std::move(wanted)),
        who_(who),
        granted_(granted),
        headers_(forwarded_headers(talk.asked)),
        total_(talk.house.settings.timeouts.upstream.total),
        plan_(
            *talk.house.routes, talk.house.settings.retry, wanted_.model,
            [&who](std::string_view model) { return may_use(who, model); }, talk.house.random) {}

  task<result<void>> run() {
    if (!granted_.may_call()) {
      auto recorded = co_await granted_.before_call();
      if (!recorded) co_return recorded;
    }
    while (true) {
      next_step next;
      auto target = co_await pick();
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

 private:
  task<result<picked_target>> pick() {
    const auto picker = talk_.house.chat_upstream();
    auto put_back = [picker](const picked_target& late) { called_target(picker, late); };
    // Named: g++ 12 destroys what is built of braces in a co_await twice.
    auto wish = plan_.wish();
    co_return co_await ask_or_undo(default_patience, put_back, picker, pick_atom::value, std::move(wish),
                                   wall_clock_now());
  }

  task<result<void>> call(const picked_target& where) {
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
    talk_.upstream_time.start();
    auto answer = co_await talk_.house.models.at(where.upstream).call(what);
    if (answer) {
      target.answered();
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

  std::chrono::milliseconds time_left() const {
    return std::chrono::ceil<std::chrono::milliseconds>(talk_.began() + total_ - std::chrono::steady_clock::now());
  }

  void note_failure(const picked_target& where, const failure& why) const {
    if (!log_wants(log_level::debug)) return;
    log_event(log_level::debug, "attempt_failed",
              {{"request_id", talk_.record.request_id},
               {"upstream", where.upstream},
               {"attempt", talk_.record.attempts},
               {"code", to_string(why.code)},
               {"reason", why.note}});
  }

  exchange& talk_;
  const model_surface& how_;
  model_request wanted_;
  const principal& who_;
  admission& granted_;
  std::string headers_;
  std::chrono::milliseconds total_;
  call_plan plan_;
};

} // namespace

task<result<void>> call_upstreams(exchange& talk, const model_surface& how, model_request wanted, principal_ptr who,
                                  admission& granted) {
  const watched_caller watched(talk);
  attempts way(talk, how, std::move(wanted), *who, granted);
  co_return co_await way.run();
}

} // namespace gateway

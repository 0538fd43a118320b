#include "http/journey/journey.hpp"

#include "domain/chat/request_cost.hpp"
#include "http/journey/admission.hpp"
#include "http/journey/attempts.hpp"
#include "http/journey/credentials.hpp"
#include "http/journey/held_quota.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

/// A request that runs, as far as the bound on them goes.
class in_flight {
 public:
  explicit in_flight(service& house) : house_(house) { ++house_.in_flight; }
  in_flight(const in_flight&) = delete;
  in_flight& operator=(const in_flight&) = delete;
  ~in_flight() { --house_.in_flight; }

 private:
  service& house_;
};

/// Refused before any work is done for it.
result<void> check_room(const service& house) {
  if (house.outbox.full()) return tl::unexpected(unavailable("the audit log does not keep up; try again in a moment"));
  if (house.outbox.failing())
    return tl::unexpected(unavailable("the audit log cannot be written; try again in a moment"));
  if (house.in_flight < house.most_in_flight) return {};
  return tl::unexpected(overloaded("the gateway is at its limit of requests in flight; try again in a moment"));
}

/// One tenant does not take all the room.
result<tenant_places::place> take_seat(exchange& talk, const principal& who) {
  if (auto seat = talk.house.seats.take(who.tenant_id, talk.began())) return std::move(*seat);
  talk.audited = false;
  return tl::unexpected(
      overloaded("the tenant has its share of the requests that may be in flight; try again in a moment"));
}

result<matched_route> find_route(exchange& talk, const principal& who, const std::string& model) {
  const auto found = talk.house.routes->find(model);
  if (found) talk.model_label = found->pattern;
  // A key that may use a model may use it by its aliases too.
  const bool allowed = may_use(who, model) || (found && may_use(who, found->model));
  if (!allowed) return fail(ec::forbidden, "this key may not use the model " + model, "model");
  if (!found) return fail(ec::not_found, "there is no model " + model + "; GET /v1/models lists them", "model");
  return *found;
}

/// The most that it may use, by an estimate of its prompt as far off as earlier ones were.
quota_amount size_up(const service& house, const principal& who, const matched_route& way, model_request& wanted) {
  wanted.measured_prompt = wanted.scan.prompt_tokens;
  wanted.scan.prompt_tokens = house.correction.correct(*way.entry, wanted.measured_prompt);
  return most_used(wanted.scan, *house.routes, way, [&who](std::string_view model) { return may_use(who, model); });
}

task<result<void>> walk(exchange& talk, const model_surface& how) {
  const auto who = co_await authenticate(talk);
  if (!who) co_return tl::unexpected(who.error());
  const auto seat = take_seat(talk, **who);
  if (!seat) co_return tl::unexpected(seat.error());
  auto wanted = how.read(talk);
  if (!wanted) co_return tl::unexpected(std::move(wanted.error()));
  const auto way = find_route(talk, **who, wanted->model);
  if (!way) co_return tl::unexpected(way.error());
  const auto most = size_up(talk.house, **who, *way, *wanted);
  auto hold = co_await admit(talk, *who, most);
  if (!hold) co_return tl::unexpected(std::move(hold.error()));
  admission granted(talk, std::move(*hold), *wanted);
  attempts tries(talk, how, *wanted, *way, **who, granted);
  auto done = co_await tries.run();
  if (!done && !talk.reply.started() && done.error().code != ec::cancelled) {
    auto recorded = co_await granted.before_answer();
    if (!recorded) co_return recorded;
  }
  co_return done;
}

} // namespace

task<void> journey(exchange& talk, const model_surface& how) {
  auto room = check_room(talk.house);
  if (!room) co_return co_await talk.refuse(std::move(room.error()));
  const in_flight here(talk.house);
  talk.audited = true;
  auto done = co_await walk(talk, how);
  if (done) co_return;
  if (!talk.reply.started()) talk.announce_upstream();
  co_await talk.refuse(std::move(done.error()));
}

} // namespace gateway

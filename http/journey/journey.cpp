#include "http/journey/journey.hpp"

#include "domain/chat/request_edit.hpp"
#include "http/journey/called_target.hpp"
#include "http/journey/credentials.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/relay.hpp"
#include "http/upstream/forwarded_headers.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/ask.hpp"

#include <string>
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
  if (house.in_flight < house.most_in_flight) return {};
  auto busy = fail(ec::overloaded, "the gateway is at its limit of requests in flight; try again in a moment");
  busy.value().retry_after = std::chrono::seconds(1);
  return busy;
}

result<const route*> find_route(const service& house, const principal& who, const std::string& model) {
  if (!may_use(who, model)) return fail(ec::forbidden, "this key may not use the model " + model, "model");
  const auto found = house.routes->find(model);
  if (!found) return fail(ec::not_found, "there is no model " + model + "; GET /v1/models lists them", "model");
  return found->entry;
}

/// From a picked target to the end of its answer.
task<result<void>> converse(exchange& talk, const model_surface& how, model_request wanted, held_quota& hold) {
  // Named, as all that is built of braces here: g++ 12 destroys such temporaries of a co_await twice.
  pick_request wish{wanted.model, {}};
  const auto picker = talk.house.chat_upstream();
  auto put_back = [picker](const picked_target& late) { called_target(picker, late); };
  auto picked = co_await ask_or_undo(default_patience, put_back, picker, pick_atom::value, std::move(wish), talk.now());
  if (!picked) co_return tl::unexpected(std::move(picked.error()));
  called_target target(picker, *picked);
  auto& record = talk.record;
  record.upstream = picked->upstream;
  record.upstream_model = picked->upstream_model;
  record.attempts = 1;
  talk.reply.add_header("x-gateway-upstream", picked->upstream);
  talk.reply.add_header("x-gateway-attempts", "1");
  upstream_call call{.path = how.upstream_path,
                     .body = edit_request(std::move(wanted.body), wanted.scan, picked->upstream_model),
                     .stream = wanted.scan.stream,
                     .headers = forwarded_headers(talk.asked),
                     .request_id = record.request_id,
                     .model = picked->upstream_model,
                     .began = talk.began()};
  auto answer = co_await talk.house.models.at(picked->upstream).call(std::move(call));
  if (answer) target.answered();
  // Not as one expression: a co_await in a branch of ?: is another thing whose result g++ 12 destroys twice.
  result<void> relayed;
  if (answer)
    relayed = co_await relay(talk, how, wanted, **answer, hold);
  else
    relayed = tl::unexpected(std::move(answer.error()));
  if (!relayed) target.failed(relayed.error());
  co_return relayed;
}

task<result<void>> walk(exchange& talk, const model_surface& how) {
  const auto who = co_await authenticate(talk);
  if (!who) co_return tl::unexpected(who.error());
  auto wanted = how.read(talk);
  if (!wanted) co_return tl::unexpected(std::move(wanted.error()));
  const auto way = find_route(talk.house, **who, wanted->model);
  if (!way) co_return tl::unexpected(way.error());
  auto hold = co_await admit(talk, *who, tokens_to_hold(wanted->scan, (*way)->max_output_tokens));
  if (!hold) co_return tl::unexpected(std::move(hold.error()));
  co_return co_await converse(talk, how, std::move(*wanted), *hold);
}

} // namespace

task<void> journey(exchange& talk, const model_surface& how) {
  auto room = check_room(talk.house);
  if (!room) co_return co_await talk.refuse(std::move(room.error()));
  const in_flight here(talk.house);
  talk.audited = true;
  auto done = co_await walk(talk, how);
  if (!done) co_await talk.refuse(std::move(done.error()));
}

} // namespace gateway

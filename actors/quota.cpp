#include "actors/quota.hpp"

#include "runtime/failure.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <variant>

namespace gateway {
namespace {

using quota_pointer = prompt_pointer<quota_self, quota_state>;

// A ledger that keeps its word needs one round, two when a settlement came in between.
constexpr int most_rounds = 4;

caf::error ledger_is_gone() { return to_error(unavailable("the quota ledger does not answer: try again in a moment")); }

caf::error shard_is_gone() { return to_error(unavailable("the gateway is being restarted: try again in a moment")); }

caf::error hold_is_gone() { return to_error(unavailable("what was reserved for this request has run out")); }

// When it is decided is what counts for the minute and for ages, however long the ask was on its way or parked.
quota_moment moment_of(const quota_state& state, timestamp wall) { return {wall, state.settings.steady_clock()}; }

// What a book answers to an ask: an answer for the asker, or the shortage that the ledger must be asked for first.
template <class T>
using answer_or_shortage = std::variant<T, caf::error, quota_shortage>;

answer_or_shortage<reservation> answer_of(quota_decision decision) {
  if (auto* hold = std::get_if<quota_hold>(&decision))
    return reservation{hold->id, std::nullopt, hold->requests, hold->tokens};
  if (auto* refusal = std::get_if<quota_refusal>(&decision)) return reservation{0, *refusal, {}, {}};
  return std::get<quota_shortage>(std::move(decision));
}

answer_or_shortage<reservation> reserve(quota_state& state, const parked_ask& ask) {
  return answer_of(state.book->reserve(ask.who, ask.wanted, moment_of(state, ask.now)));
}

answer_or_shortage<reservation> extend(quota_state& state, const parked_ask& ask) {
  auto decision = state.book->extend(ask.hold, ask.wanted, moment_of(state, ask.now));
  if (!decision) return hold_is_gone();
  return answer_of(*std::move(decision));
}

answer_or_shortage<limit_balances> balances(quota_state& state, const parked_ask& ask) {
  auto answer = state.book->balances(ask.who, moment_of(state, ask.now));
  if (auto* all = std::get_if<limit_balances>(&answer)) return std::move(*all);
  return std::get<quota_shortage>(std::move(answer));
}

template <class T>
quota_shortage deliver(caf::response_promise& promise, answer_or_shortage<T> answer) {
  if (auto* shortage = std::get_if<quota_shortage>(&answer)) return std::move(*shortage);
  if (auto* error = std::get_if<caf::error>(&answer))
    promise.deliver(std::move(*error));
  else
    promise.deliver(std::get<T>(std::move(answer)));
  return {};
}

// Returns what the book is short of, after which the ask is still to be answered.
quota_shortage answer(quota_state& state, parked_ask& ask) {
  switch (ask.what) {
    case parked_ask::kind::reserve: return deliver(ask.promise, reserve(state, ask));
    case parked_ask::kind::extend: return deliver(ask.promise, extend(state, ask));
    case parked_ask::kind::balances: return deliver(ask.promise, balances(state, ask));
  }
  return {};
}

parking place_of(const parked_ask& ask) { return {ask.hold, ask.who ? ask.who->tenant_id : std::string()}; }

template <class T>
void answer_drainers(quota_state& state, const T& answer) {
  for (auto& drainer : std::exchange(state.drainers, {})) drainer.deliver(answer);
}

void go_on_draining(quota_pointer self);

// Not repeated when it fails: if the ledger did write it down, a second time would give back what is spent.
template <class OnAnswer>
void return_leases(quota_pointer self, lease_returns returns, OnAnswer on_answer) {
  auto& state = self->state;
  const auto now = moment_of(state, state.settings.clock());
  ++state.asks;
  self->request(state.ledger, state.settings.ledger_timeout, return_atom::value, state.owner, std::move(returns),
                now.wall)
      .then(
          [self, now, on_answer] {
            --self->state.asks;
            self->state.book->ledger_answered(now.steady);
            on_answer(true);
          },
          [self, on_answer](const caf::error&) {
            --self->state.asks;
            on_answer(false);
          });
}

void go_on_draining(quota_pointer self) {
  auto& state = self->state;
  if (state.drainers.empty() || state.asks > 0) return;
  auto returns = state.book->take_unspent();
  if (returns.empty()) return answer_drainers(state, caf::unit);
  return_leases(self, std::move(returns), [self](bool written) {
    if (written)
      answer_drainers(self->state, caf::unit);
    else
      answer_drainers(self->state, ledger_is_gone());
  });
}

void tick(quota_pointer self) {
  auto& state = self->state;
  self->delayed_send(self, state.settings.tick, tick_atom::value);
  if (!state.ledger) return;
  auto idle = state.book->take_idle(moment_of(state, state.settings.clock()));
  if (idle.empty() && !state.book->has_leases()) return;
  return_leases(self, std::move(idle), [self](bool) { go_on_draining(self); });
}

template <class OnAnswer>
void ask_ledger(quota_pointer self, quota_shortage wishes, timestamp now, OnAnswer on_answer) {
  auto& state = self->state;
  // An asker's clock may be a little ahead.
  const auto sent_at = moment_of(state, std::max(now, state.settings.clock()));
  ++state.asks;
  self->request(state.ledger, state.settings.ledger_timeout, lease_atom::value, state.owner, std::move(wishes),
                sent_at.wall)
      .then(
          [self, sent_at, on_answer](const leases& granted) {
            auto& answered = self->state;
            --answered.asks;
            answered.book->absorb(granted);
            answered.book->ledger_answered(sent_at.steady);
            on_answer(true);
            go_on_draining(self);
          },
          [self, on_answer](const caf::error&) {
            --self->state.asks;
            on_answer(false);
            go_on_draining(self);
          });
}

void serve(quota_pointer self, const parking& place, bool ledger_answers);

void ask_for_first(quota_pointer self, const parking& place, quota_shortage wishes) {
  auto& first = self->state.parked[place].front();
  ++first.rounds;
  ask_ledger(self, std::move(wishes), first.now, [self, place](bool answered) { serve(self, place, answered); });
}

void serve(quota_pointer self, const parking& place, bool ledger_answers) {
  auto& queue = self->state.parked[place];
  for (; !queue.empty(); queue.pop_front()) {
    auto& first = queue.front();
    auto shortage = answer(self->state, first);
    if (shortage.empty()) continue;
    if (ledger_answers && first.rounds < most_rounds) return ask_for_first(self, place, std::move(shortage));
    first.promise.deliver(ledger_is_gone());
  }
  self->state.parked.erase(place);
}

caf::response_promise park(quota_pointer self, parked_ask ask) {
  auto promise = self->make_response_promise();
  ask.promise = promise;
  auto place = place_of(ask);
  self->state.parked[std::move(place)].push_back(std::move(ask));
  return promise;
}

template <class T>
caf::result<T> answer_or_park(quota_pointer self, parked_ask ask,
                              answer_or_shortage<T> (*decide)(quota_state&, const parked_ask&)) {
  auto& state = self->state;
  if (!state.ledger) return ledger_is_gone();
  if (!state.parked.empty() && state.parked.count(place_of(ask)) > 0) return park(self, std::move(ask));
  auto answer = decide(state, ask);
  if (auto* decided = std::get_if<T>(&answer)) return std::move(*decided);
  if (auto* error = std::get_if<caf::error>(&answer)) return std::move(*error);
  const auto place = place_of(ask);
  auto promise = park(self, std::move(ask));
  ask_for_first(self, place, std::get<quota_shortage>(std::move(answer)));
  return promise;
}

} // namespace

quota_state::~quota_state() {
  for (auto& [place, queue] : parked)
    for (auto& ask : queue) ask.promise.deliver(shard_is_gone());
  answer_drainers(*this, shard_is_gone());
}

quota_self::behavior_type quota(quota_pointer self, quota_settings settings, std::string owner) {
  using kind = parked_ask::kind;
  auto epoch = settings.epoch ? *settings.epoch : std::random_device{}();
  self->state.book.emplace(epoch, settings.hold_lifetime);
  self->state.settings = std::move(settings);
  self->state.owner = std::move(owner);
  self->delayed_send(self, self->state.settings.tick, tick_atom::value);
  return {
      [self](reserve_atom, const principal_ptr& who, const quota_amount& wanted,
             timestamp now) -> caf::result<reservation> {
        if (self->state.draining) return shard_is_gone();
        return answer_or_park(self, {kind::reserve, who, 0, wanted, now, {}, 0}, reserve);
      },
      [self](settle_atom, hold_id hold, const quota_amount& used, timestamp now) {
        if (auto owed = self->state.book->settle(hold, used, moment_of(self->state, now)); !owed.empty())
          ask_ledger(self, std::move(owed), now, [](bool) {});
      },
      [self](extend_atom, hold_id hold, const quota_amount& more, timestamp now) -> caf::result<reservation> {
        return answer_or_park(self, {kind::extend, nullptr, hold, more, now, {}, 0}, extend);
      },
      [self](release_atom, hold_id hold) { self->state.book->release(hold); },
      [self](balance_atom, const principal_ptr& who, timestamp now) -> caf::result<limit_balances> {
        return answer_or_park(self, {kind::balances, who, 0, {}, now, {}, 0}, balances);
      },
      [self](drain_atom) -> caf::result<void> {
        self->state.draining = true;
        auto promise = self->make_response_promise();
        self->state.drainers.push_back(promise);
        go_on_draining(self);
        return promise;
      },
      [self](ping_atom) -> caf::result<void> {
        if (!self->state.ledger) return ledger_is_gone();
        return caf::unit;
      },
      [self](roster_atom, const roster_ptr& now) {
        if (now->ledger) self->state.ledger = now->ledger;
      },
      [self](tick_atom) { tick(self); },
  };
}

} // namespace gateway

#include "actors/quota.hpp"

#include "runtime/failure.hpp"

#include <random>
#include <utility>
#include <variant>

namespace gateway {
namespace {

using quota_pointer = quota_actor::stateful_pointer<quota_state>;

// A ledger that keeps its word needs one round, two when a settlement came in between.
constexpr int most_rounds = 4;

caf::error ledger_is_gone() { return to_error(unavailable("the quota ledger does not answer: try again in a moment")); }

caf::error shard_is_gone() { return to_error(unavailable("the gateway is being restarted: try again in a moment")); }

// What a book answers to an ask, or the shortage that the ledger must be asked for first.
template <class T>
using answer_or_shortage = std::variant<T, quota_shortage>;

answer_or_shortage<reservation> decide(quota_book& book, const principal& who, const quota_amount& wanted,
                                       timestamp now) {
  auto decision = book.reserve(who, wanted, now);
  if (auto* hold = std::get_if<quota_hold>(&decision))
    return reservation{hold->id, std::nullopt, hold->requests, hold->tokens};
  if (auto* refusal = std::get_if<quota_refusal>(&decision)) return reservation{0, *refusal, {}, {}};
  return std::get<quota_shortage>(std::move(decision));
}

template <class T>
quota_shortage deliver(caf::response_promise& promise, answer_or_shortage<T> answer) {
  if (auto* shortage = std::get_if<quota_shortage>(&answer)) return std::move(*shortage);
  promise.deliver(std::get<T>(std::move(answer)));
  return {};
}

// Returns what the book is short of, after which the ask is still to be answered.
quota_shortage answer(quota_book& book, parked_ask& ask) {
  return ask.wanted ? deliver(ask.promise, decide(book, *ask.who, *ask.wanted, ask.now))
                    : deliver(ask.promise, book.balances(*ask.who, ask.now));
}

template <class T>
void answer_drainers(quota_state& state, const T& answer) {
  for (auto& drainer : std::exchange(state.drainers, {})) drainer.deliver(answer);
}

void go_on_draining(quota_pointer self) {
  auto& state = self->state;
  if (state.drainers.empty() || state.asks > 0) return;
  auto returns = state.book->take_unspent();
  if (returns.empty()) return answer_drainers(state, caf::unit);
  ++state.asks;
  // Not repeated when it fails: if the ledger did write it down, a second time would give back what is spent.
  self->request(state.ledger, state.settings.ledger_timeout, return_atom::value, state.owner, std::move(returns),
                timestamp{})
      .then(
          [self] {
            --self->state.asks;
            answer_drainers(self->state, caf::unit);
          },
          [self](const caf::error&) {
            --self->state.asks;
            answer_drainers(self->state, ledger_is_gone());
          });
}

template <class OnAnswer>
void ask_ledger(quota_pointer self, quota_shortage wishes, timestamp now, OnAnswer on_answer) {
  auto& state = self->state;
  ++state.asks;
  self->request(state.ledger, state.settings.ledger_timeout, lease_atom::value, state.owner, std::move(wishes), now)
      .then(
          [self, on_answer](const leases& granted) {
            --self->state.asks;
            self->state.book->absorb(granted);
            on_answer(true);
            go_on_draining(self);
          },
          [self, on_answer](const caf::error&) {
            --self->state.asks;
            on_answer(false);
            go_on_draining(self);
          });
}

void serve(quota_pointer self, const std::string& key_id, bool ledger_answers);

void ask_for_first(quota_pointer self, const std::string& key_id, quota_shortage wishes) {
  auto& first = self->state.parked[key_id].front();
  ++first.rounds;
  ask_ledger(self, std::move(wishes), first.now, [self, key_id](bool answered) { serve(self, key_id, answered); });
}

void serve(quota_pointer self, const std::string& key_id, bool ledger_answers) {
  auto& queue = self->state.parked[key_id];
  for (; !queue.empty(); queue.pop_front()) {
    auto& first = queue.front();
    auto shortage = answer(*self->state.book, first);
    if (shortage.empty()) continue;
    if (ledger_answers && first.rounds < most_rounds) return ask_for_first(self, key_id, std::move(shortage));
    first.promise.deliver(ledger_is_gone());
  }
  self->state.parked.erase(key_id);
}

bool must_wait(const quota_state& state, const principal& who) {
  return !state.parked.empty() && state.parked.count(who.key_id) > 0;
}

caf::response_promise park(quota_pointer self, parked_ask ask) {
  auto promise = self->make_response_promise();
  ask.promise = promise;
  auto& queue = self->state.parked[ask.who->key_id];
  queue.push_back(std::move(ask));
  return promise;
}

template <class T>
caf::result<T> answer_or_park(quota_pointer self, answer_or_shortage<T> answer, const principal_ptr& who,
                              std::optional<quota_amount> wanted, timestamp now) {
  if (auto* decided = std::get_if<T>(&answer)) return std::move(*decided);
  auto promise = park(self, {who, wanted, now, {}, 0});
  ask_for_first(self, who->key_id, std::get<quota_shortage>(std::move(answer)));
  return promise;
}

} // namespace

quota_state::~quota_state() {
  for (auto& [key_id, queue] : parked)
    for (auto& ask : queue) ask.promise.deliver(shard_is_gone());
  answer_drainers(*this, shard_is_gone());
}

quota_actor::behavior_type quota(quota_pointer self, quota_settings settings, std::string owner) {
  auto epoch = settings.epoch ? *settings.epoch : std::random_device{}();
  self->state.book.emplace(epoch, settings.hold_lifetime);
  self->state.settings = settings;
  self->state.owner = std::move(owner);
  return {
      [self](reserve_atom, const principal_ptr& who, const quota_amount& wanted,
             timestamp now) -> caf::result<reservation> {
        auto& state = self->state;
        if (!state.ledger) return ledger_is_gone();
        if (state.draining) return shard_is_gone();
        if (must_wait(state, *who)) return park(self, {who, wanted, now, {}, 0});
        return answer_or_park(self, decide(*state.book, *who, wanted, now), who, wanted, now);
      },
      [self](extend_atom, hold_id, const quota_amount&, timestamp) -> caf::result<reservation> {
        return shard_is_gone();
      },
      [self](settle_atom, hold_id hold, const quota_amount& used, timestamp now) {
        if (auto owed = self->state.book->settle(hold, used); !owed.empty())
          ask_ledger(self, std::move(owed), now, [](bool) {});
      },
      [self](release_atom, hold_id hold) { self->state.book->release(hold); },
      [self](balance_atom, const principal_ptr& who, timestamp now) -> caf::result<limit_balances> {
        auto& state = self->state;
        if (!state.ledger) return ledger_is_gone();
        if (must_wait(state, *who)) return park(self, {who, std::nullopt, now, {}, 0});
        return answer_or_park(self, state.book->balances(*who, now), who, std::nullopt, now);
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
  };
}

} // namespace gateway

#include "tests/simulation/lossy_ledger.hpp"

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

namespace gateway::simulation {
namespace {

using pointer = lossy_ledger_self::stateful_pointer<lossy_ledger_state>;

struct post {
  pointer self;
  ledger_actor behind;
  disk_access_ptr way;

  template <class T>
  void deliver(caf::response_promise& promise, const std::string& owner, T value) const {
    if constexpr (!std::is_same_v<T, caf::error>) way->answered[owner] = way->steady_clock();
    promise.deliver(std::move(value));
  }

  template <class T>
  void answer(caf::response_promise promise, const std::string& owner, T value) const {
    if (way->random.one_in(way->conditions.ledger_answers_lost)) {
      self->state.lost.push_back(std::move(promise));
    } else if (way->random.one_in(way->conditions.ledger_answers_late)) {
      self->state.late.push_back([go = *this, promise, owner, value]() mutable { go.deliver(promise, owner, value); });
      self->delayed_send(self, std::chrono::milliseconds(way->random.between(100, 20'000)), late_atom::value);
    } else {
      deliver(promise, owner, std::move(value));
    }
  }

  template <class T, class... Ts>
  caf::result<T> forward(const std::string& owner, Ts... message) const {
    auto promise = self->make_response_promise();
    if (way->random.one_in(way->conditions.ledger_questions_lost)) {
      self->state.lost.push_back(promise);
      return promise;
    }
    auto refused = [*this, promise, owner](const caf::error& why) { answer(promise, owner, why); };
    if constexpr (std::is_void_v<T>)
      self->request(behind, caf::infinite, std::move(message)...)
          .then([*this, promise, owner] { answer(promise, owner, caf::unit); }, refused);
    else
      self->request(behind, caf::infinite, std::move(message)...)
          .then([*this, promise, owner](const T& value) { answer(promise, owner, value); }, refused);
    return promise;
  }
};

} // namespace

lossy_ledger_self::behavior_type lossy_ledger(pointer self, ledger_actor behind, disk_access_ptr way) {
  self->link_to(behind);
  const post go{self, std::move(behind), std::move(way)};
  return {
      [go](lease_atom, const std::string& owner, const lease_wishes& wishes, timestamp now) {
        return go.forward<leases>(owner, lease_atom::value, owner, wishes, now);
      },
      [go](return_atom, const std::string& owner, const lease_returns& returns, timestamp now) {
        return go.forward<void>(owner, return_atom::value, owner, returns, now);
      },
      [go](ping_atom) { return go.forward<void>("nobody", ping_atom::value); },
      [self](late_atom) {
        auto& late = self->state.late;
        if (late.empty()) return;
        auto first = std::move(late.front());
        late.erase(late.begin());
        first();
      },
  };
}

} // namespace gateway::simulation

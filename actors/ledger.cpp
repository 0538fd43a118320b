#include "actors/ledger.hpp"

#include "actors/answer.hpp"

#include <chrono>
#include <utility>

namespace gateway {
namespace {

// Clocks differ, months are long, and what was interrupted is reconciled days later at the latest.
constexpr std::chrono::days kept{8};

void prune_once_a_day(ledger_state& state, timestamp now) {
  const auto day = day_of(now);
  if (day <= state.newest) return;
  if (state.store->prune(day - kept)) state.newest = day;
}

} // namespace

ledger_actor::behavior_type ledger(ledger_actor::stateful_pointer<ledger_state> self,
                                   std::shared_ptr<ledger_store> store) {
  self->state.store = std::move(store);
  return {
      [self](lease_atom, const std::string& owner, const lease_wishes& wishes, timestamp now) -> caf::result<leases> {
        auto promise = self->make_response_promise();
        if (auto granted = self->state.store->grant(owner, wishes, now + lease_lifetime))
          promise.deliver(std::move(*granted));
        else
          promise.deliver(to_error(std::move(granted.error())));
        // Pruning takes its time, for which nobody has to wait.
        prune_once_a_day(self->state, now);
        return promise;
      },
      [self](return_atom, const std::string& owner, const lease_returns& returns, timestamp now) -> caf::result<void> {
        return to_answer(self->state.store->give_back(owner, returns, now + lease_lifetime));
      },
      [self](ping_atom) -> caf::result<void> { return to_answer(self->state.store->check()); },
  };
}

} // namespace gateway

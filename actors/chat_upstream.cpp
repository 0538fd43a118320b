#include "actors/chat_upstream.hpp"

#include "actors/answer.hpp"

#include <utility>

namespace gateway {

chat_upstream_actor::behavior_type chat_upstream(pinned_pointer<chat_upstream_actor, chat_upstream_state> self,
                                                 target_settings settings) {
  self->state.targets.emplace(std::move(settings));
  return {
      [self](pick_atom, const pick_request& wanted, timestamp now) {
        return to_answer(self->state.targets->pick(wanted, now));
      },
      [self](report_atom, const call_report& how, timestamp now) { self->state.targets->report(how, now); },
      [self](status_atom, timestamp now) { return self->state.targets->statuses(now); },
  };
}

} // namespace gateway

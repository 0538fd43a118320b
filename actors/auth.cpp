#include "actors/auth.hpp"

#include "actors/answer.hpp"

#include <algorithm>

namespace gateway {
namespace {

using auth_pointer = pinned_pointer<auth_self, auth_state>;

constexpr std::chrono::seconds answer_within{5};
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5000};

failure no_table() { return unavailable("the keys are not loaded yet: try again in a moment"); }

void fetch_table(auth_pointer self) {
  auto turn = self->state.turn;
  auto subscriber = caf::actor_cast<auth_actor>(self);
  self->request(self->state.keys, answer_within, subscribe_atom::value, subscriber)
      .then(
          [self, turn](const key_snapshot& snapshot) {
            auto& state = self->state;
            if (turn != state.turn) return; // From a KEYS that has been replaced.
            state.table = key_table(*snapshot);
            state.table_of = turn;
          },
          [self, turn](const caf::error&) {
            auto& state = self->state;
            if (turn != state.turn) return;
            self->delayed_send(self, state.pause, retry_atom::value, turn);
            state.pause = std::min(state.pause * 2, longest_pause);
          });
}

} // namespace

auth_self::behavior_type auth(auth_pointer self) {
  return {
      [self](authenticate_atom, const key_digest& digest, timestamp now) -> caf::result<principal_ptr> {
        const auto& state = self->state;
        if (state.table_of == 0) return to_error(no_table());
        return to_answer(state.table.find(digest, now));
      },
      [self](update_atom, const key_change& change) -> caf::result<void> {
        if (change.now)
          self->state.table.put(*change.now);
        else
          self->state.table.erase(change.key_id);
        return caf::unit;
      },
      [self](update_atom, const key_snapshot& changed) -> caf::result<void> {
        for (const auto& key : *changed) self->state.table.put(key);
        return caf::unit;
      },
      [self](ping_atom) -> caf::result<void> {
        const auto& state = self->state;
        if (state.table_of == 0 || state.table_of != state.turn) return to_error(no_table());
        return caf::unit;
      },
      [self](roster_atom, const roster_ptr& now) {
        auto& state = self->state;
        if (!now->keys || now->keys == state.keys) return;
        state.keys = now->keys;
        state.pause = first_pause;
        ++state.turn;
        fetch_table(self);
      },
      [self](retry_atom, std::uint64_t turn) {
        if (turn == self->state.turn) fetch_table(self);
      },
  };
}

} // namespace gateway

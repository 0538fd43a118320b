#include "actors/keys.hpp"

#include "actors/answer.hpp"

#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

#include <functional>
#include <set>
#include <utility>

namespace gateway {
namespace {

using keys_pointer = keys_actor::stateful_pointer<keys_state>;

constexpr std::chrono::seconds confirm_within{5};

void forget(keys_pointer self, caf::actor_id who) {
  self->state.subscribers.erase(who);
  self->state.changes.forget(who);
}

/// Tells everybody of a committed change, and then delivers the answer.
caf::response_promise tell(keys_pointer self, key_change change, caf::message answer) {
  auto& state = self->state;
  auto promise = self->make_response_promise();
  std::set<confirmations::party> waiting;
  for (const auto& [who, subscriber] : state.subscribers) waiting.insert(who);
  auto what = state.changes.open(std::move(waiting), [promise, answer](bool everybody) mutable {
    if (everybody)
      promise.deliver(answer);
    else
      promise.deliver(
          to_error(unavailable("the change is stored, but not every worker confirmed it yet: "
                               "look at the key before trying again")));
  });
  for (const auto& [who, subscriber] : state.subscribers)
    self->request(subscriber, confirm_within, update_atom::value, change)
        .then([self, what, who = who] { self->state.changes.confirm(what, who); },
              [self, what, who = who](const caf::error& error) {
                if (error == caf::sec::request_receiver_down)
                  forget(self, who);
                else
                  self->state.changes.give_up(what, who);
              });
  return promise;
}

std::shared_ptr<const key_record> shared(const key_record& record) {
  return std::make_shared<const key_record>(record);
}

caf::result<issued_key> told(keys_pointer self, result<issued_key> issued) {
  if (!issued) return to_error(std::move(issued.error()));
  key_change change{issued->record.who.key_id, shared(issued->record)};
  return tell(self, std::move(change), caf::make_message(std::move(*issued)));
}

} // namespace

keys_actor::behavior_type keys(keys_pointer self, std::shared_ptr<key_store> store) {
  self->state.admin.emplace(std::move(store));
  self->set_down_handler([self](const caf::down_msg& down) { forget(self, down.source.id()); });
  return {
      [self](create_atom, const new_key& wanted, timestamp now) {
        return told(self, self->state.admin->create(wanted, now));
      },
      [self](find_atom, const std::string& key_id) { return to_answer(self->state.admin->store().find(key_id)); },
      [self](list_atom, const key_query& query) { return to_answer(self->state.admin->store().list(query)); },
      [self](update_atom, const std::string& key_id, const key_changes& changes,
             timestamp now) -> caf::result<key_record> {
        auto record = self->state.admin->update(key_id, changes, now);
        if (!record) return to_error(std::move(record.error()));
        key_change change{key_id, shared(*record)};
        return tell(self, std::move(change), caf::make_message(std::move(*record)));
      },
      [self](erase_atom, const std::string& key_id) -> caf::result<void> {
        auto erased = self->state.admin->erase(key_id);
        if (!erased) return to_error(std::move(erased.error()));
        return tell(self, {key_id, nullptr}, caf::message{});
      },
      [self](rotate_atom, const std::string& key_id, std::chrono::seconds grace, timestamp now) {
        return told(self, self->state.admin->rotate(key_id, grace, now));
      },
      [self](subscribe_atom, const auth_actor& subscriber) -> caf::result<key_snapshot> {
        auto all = self->state.admin->store().all();
        if (!all) return to_error(std::move(all.error()));
        if (self->state.subscribers.emplace(subscriber->id(), subscriber).second) self->monitor(subscriber);
        return key_snapshot(std::make_shared<const std::vector<key_record>>(std::move(*all)));
      },
      [self](ping_atom) { return to_answer(self->state.admin->store().check()); },
  };
}

} // namespace gateway

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

/// Tells everybody of a committed change, of one key or of several, and then delivers the answer.
template <class Change>
caf::response_promise tell(keys_pointer self, const Change& change, caf::message answer) {
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
                               "look at it before trying again")));
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

std::optional<failure> too_early(const keys_state& state) {
  if (state.is_complete) return std::nullopt;
  return unavailable("the workers are still loading the keys: try again in a moment");
}

caf::result<issued_key> issue(keys_pointer self, result<issued_key> issued) {
  if (!issued) return to_error(std::move(issued.error()));
  const key_change change{issued->record.who.key_id, shared(issued->record)};
  return tell(self, change, caf::make_message(std::move(*issued)));
}

caf::result<changed_key> update(keys_pointer self, result<changed_key> changed) {
  if (!changed) return to_error(std::move(changed.error()));
  const key_change change{changed->now.who.key_id, shared(changed->now)};
  return tell(self, change, caf::make_message(std::move(*changed)));
}

caf::result<key_record> erase(keys_pointer self, result<key_record> erased) {
  if (!erased) return to_error(std::move(erased.error()));
  const key_change change{erased->who.key_id, nullptr};
  return tell(self, change, caf::make_message(std::move(*erased)));
}

caf::result<tenant_record> show(result<std::optional<tenant_limits>> limits, const std::string& tenant_id) {
  if (!limits) return to_error(std::move(limits.error()));
  return tenant_record{tenant_id, std::move(*limits)};
}

caf::result<changed_tenant> set_limits(keys_pointer self, result<key_admin::tenant_change> changed) {
  if (!changed) return to_error(std::move(changed.error()));
  const key_snapshot keys = std::make_shared<const std::vector<key_record>>(std::move(changed->keys));
  return tell(self, keys, caf::make_message(std::move(changed->limits)));
}

caf::result<key_snapshot> subscribe(keys_pointer self, const auth_actor& subscriber) {
  auto& state = self->state;
  auto all = state.admin->all();
  if (!all) return to_error(std::move(all.error()));
  if (state.subscribers.emplace(subscriber->id(), subscriber).second) self->monitor(subscriber);
  state.is_complete = state.is_complete || state.subscribers.size() >= state.expected;
  return key_snapshot(std::make_shared<const std::vector<key_record>>(std::move(*all)));
}

} // namespace

keys_actor::behavior_type keys(keys_pointer self, std::shared_ptr<key_store> store, std::size_t auths) {
  auto& state = self->state;
  state.admin.emplace(std::move(store));
  state.expected = auths;
  state.is_complete = auths == 0;
  self->set_down_handler([self](const caf::down_msg& down) { forget(self, down.source.id()); });
  return {
      [self](create_atom, const new_key& wanted, timestamp now) -> caf::result<issued_key> {
        if (auto refusal = too_early(self->state)) return to_error(*refusal);
        return issue(self, self->state.admin->create(wanted, now));
      },
      [self](find_atom, const std::string& key_id) { return to_answer(self->state.admin->find(key_id)); },
      [self](list_atom, const key_query& query) { return to_answer(self->state.admin->list(query)); },
      [self](update_atom, const std::string& key_id, const key_changes& changes,
             timestamp now) -> caf::result<changed_key> {
        if (auto refusal = too_early(self->state)) return to_error(*refusal);
        return update(self, self->state.admin->update(key_id, changes, now));
      },
      [self](erase_atom, const std::string& key_id) -> caf::result<key_record> {
        if (auto refusal = too_early(self->state)) return to_error(*refusal);
        return erase(self, self->state.admin->erase(key_id));
      },
      [self](rotate_atom, const std::string& key_id, std::chrono::seconds grace,
             timestamp now) -> caf::result<issued_key> {
        if (auto refusal = too_early(self->state)) return to_error(*refusal);
        return issue(self, self->state.admin->rotate(key_id, grace, now));
      },
      [self](tenant_atom, const std::string& tenant_id) {
        return show(self->state.admin->limits_of(tenant_id), tenant_id);
      },
      [self](tenant_atom, const std::string& tenant_id, const tenant_limits& limits) -> caf::result<changed_tenant> {
        if (auto refusal = too_early(self->state)) return to_error(*refusal);
        return set_limits(self, self->state.admin->set_limits(tenant_id, limits));
      },
      [self](subscribe_atom, const auth_actor& subscriber) { return subscribe(self, subscriber); },
      [self](ping_atom) { return to_answer(self->state.admin->check()); },
  };
}

} // namespace gateway

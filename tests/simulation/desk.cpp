#include "tests/simulation/desk.hpp"

#include <caf/actor_config.hpp>
#include <caf/make_actor.hpp>

#include <utility>

namespace gateway::simulation {

void desk::enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) {
  if (message->mid.is_response()) inbox_.push_back({clock_(), std::move(message)});
}

std::string desk::deliver(std::size_t place) {
  const auto at = inbox_.begin() + static_cast<std::ptrdiff_t>(place);
  auto answer = std::move(at->what);
  answered_at_ = at->at;
  inbox_.erase(at);
  const auto found = open_.extract(answer->mid.request_id().integer_value());
  if (!found) return "nobody";
  found.mapped().then(std::move(answer));
  return found.mapped().what;
}

void desk::send(caf::strong_actor_ptr to, caf::message_id id, caf::message what) {
  const caf::strong_actor_ptr me(ctrl());
  if (!to) {
    // Nobody sits there yet; `ask` on a worker says so at once.
    inbox_.push_back({clock_(), caf::make_mailbox_element(nullptr, id.response_id(), {},
                                                          caf::make_error(caf::sec::invalid_argument))});
    return;
  }
  to->enqueue(me, id, std::move(what), nullptr);
}

desk_ptr make_desk(caf::actor_system& system, std::function<timestamp()> clock) {
  caf::actor_config config;
  auto handle = caf::make_actor<desk, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, config,
                                                             std::move(clock));
  return desk_ptr(static_cast<desk*>(handle->get()));
}

} // namespace gateway::simulation

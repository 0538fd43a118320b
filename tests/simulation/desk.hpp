#pragma once

#include "domain/time.hpp"
#include "runtime/ask.hpp"

#include <caf/actor_system.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/monitorable_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace gateway::simulation {

/// The address of the callers, as `asker` is that of a worker's coroutines: what they ask is answered here, and waits
/// until the schedule delivers it.
class desk final : public caf::monitorable_actor {
 public:
  desk(caf::actor_config& config, std::function<timestamp()> clock)
      : caf::monitorable_actor(config), clock_(std::move(clock)) {}

  const char* name() const override { return "desk"; }
  using caf::monitorable_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) override;

  /// `then` is told once. `what` names the question when it is never answered.
  template <class T, class Handle, class... Ts>
  void ask(std::string what, std::function<void(result<T>)> then, const Handle& to, Ts... message) {
    const auto id = caf::make_message_id(caf::normal_message_priority_constant{}, ++last_);
    open_.emplace(last_, question{std::move(what), [then = std::move(then)](caf::mailbox_element_ptr answer) {
                                    then(gateway::detail::read_answer<T>(std::move(answer)));
                                  }});
    send(caf::actor_cast<caf::strong_actor_ptr>(to), id, caf::make_message(std::move(message)...));
  }

  std::size_t answers() const { return inbox_.size(); }
  /// Hands over the answer in that place; its question.
  std::string deliver(std::size_t place);
  /// When the answer that is being handed over was given.
  timestamp answered_at() const { return answered_at_; }

  /// Questions that were not answered yet.
  std::size_t open() const { return open_.size(); }
  std::string first_open() const { return open_.empty() ? "" : open_.begin()->second.what; }

 private:
  void send(caf::strong_actor_ptr to, caf::message_id id, caf::message what);

  struct question {
    std::string what;
    std::function<void(caf::mailbox_element_ptr)> then;
  };
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, question> open_;
  struct letter {
    timestamp at;
    caf::mailbox_element_ptr what;
  };
  std::deque<letter> inbox_;
  std::function<timestamp()> clock_;
  timestamp answered_at_{};
};

using desk_ptr = caf::intrusive_ptr<desk>;
inline void intrusive_ptr_add_ref(desk* counted) { caf::intrusive_ptr_add_ref(counted->ctrl()); }
inline void intrusive_ptr_release(desk* counted) { caf::intrusive_ptr_release(counted->ctrl()); }

desk_ptr make_desk(caf::actor_system& system, std::function<timestamp()> clock);

} // namespace gateway::simulation

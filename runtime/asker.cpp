#include "runtime/asker.hpp"

#include "runtime/worker.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_actor.hpp>

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

/// A request id is the slot's number, from 1, in the low bits and its turn above.
constexpr std::uint64_t slot_bits = 24;
constexpr std::uint64_t slot_mask = (std::uint64_t{1} << slot_bits) - 1;
constexpr std::uint64_t turn_mask = (std::uint64_t{1} << (60 - slot_bits)) - 1;

} // namespace

pending_ask::pending_ask(caf::strong_actor_ptr to)
    : asker_(worker::current()->questions()),
      to_(std::move(to)),
      slot_(asker_.enter(*this)),
      answered_(!to_),
      id_(asker_.id_of(slot_)) {}

pending_ask::~pending_ask() { asker_.leave(slot_); }

caf::strong_actor_ptr pending_ask::sender() const { return caf::strong_actor_ptr(asker_.ctrl()); }

void pending_ask::send(caf::mailbox_element_ptr message) {
  to_->enqueue(std::move(message), &asker_.home_);
  asker_.home_.run_ready();
}

void pending_ask::leave_behind(undo_late undo) {
  asker_.watch(to_);
  asker_.late_.emplace(id_.request_id().integer_value(), asker::late_answer{to_, undo});
}

task<void> pending_ask::wait(std::chrono::milliseconds patience) {
  if (answered_) co_return;
  asker_.watch(to_);
  one_shot done(asker_.home_.wheel());
  waiting_ = &done;
  const auto how = co_await done.wait_for(patience);
  waiting_ = nullptr;
  cancelled_ = how == wake::cancelled;
}

asker::asker(caf::actor_config& config, worker& home) : caf::monitorable_actor(config), home_(home) {}

asker::~asker() = default;

std::uint32_t asker::enter(pending_ask& question) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  entries_[slot].question = &question;
  ++entries_[slot].turn;
  return slot;
}

void asker::leave(std::uint32_t slot) {
  entries_[slot].question = nullptr;
  free_.push_back(slot);
}

caf::message_id asker::id_of(std::uint32_t slot) const {
  const auto number = ((entries_[slot].turn & turn_mask) << slot_bits) | (slot + 1U);
  return caf::make_message_id(caf::normal_message_priority_constant{}, number);
}

void asker::enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) {
  if (worker::current() == &home_) {
    deliver(std::move(message));
    return;
  }
  boost::asio::post(home_.io(), [this, keep = asker_ptr(this), message = std::move(message)]() mutable {
    deliver(std::move(message));
  });
}

void asker::deliver(caf::mailbox_element_ptr answer) {
  if (!answer->mid.is_response()) return;
  const auto slot = (answer->mid.request_id().integer_value() & slot_mask) - 1;
  auto* question = slot < entries_.size() ? entries_[slot].question : nullptr;
  if (!question || question->id_.request_id() != answer->mid.request_id()) {
    const auto late = late_.extract(answer->mid.request_id().integer_value());
    if (late) late.mapped().undo(late.mapped().from, *answer);
    return;
  }
  question->answer_ = std::move(answer);
  question->answered_ = true;
  if (question->waiting_) question->waiting_->fire();
}

void asker::watch(const caf::strong_actor_ptr& target) {
  const auto id = target->id();
  if (std::find(watched_.begin(), watched_.end(), id) != watched_.end()) return;
  watched_.push_back(id);
  // Questions in the mailbox are bounced by CAF; those that the actor had put aside die with it, silently.
  caf::actor_cast<caf::abstract_actor*>(target)->attach_functor(
      [keep = asker_ptr(this), id] { boost::asio::post(keep->home_.io(), [keep, id] { keep->on_death(id); }); });
}

void asker::on_death(caf::actor_id of) {
  std::erase(watched_, of);
  std::erase_if(late_, [of](const auto& each) { return each.second.from->id() == of; });
  for (const auto& [question, turn] : entries_) {
    if (question && question->waiting_ && question->to_->id() == of) question->waiting_->fire();
  }
}

asker_ptr make_asker(caf::actor_system& system, worker& home) {
  caf::actor_config config{&home};
  auto handle =
      caf::make_actor<asker, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, config, home);
  return asker_ptr(static_cast<asker*>(handle->get()));
}

} // namespace gateway

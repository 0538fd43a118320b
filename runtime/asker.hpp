#pragma once

#include "runtime/one_shot.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/monitorable_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway {

class worker;
class asker;

/// How long an answer may take, unless the asker says otherwise: a bound for bugs, not a way to wait.
constexpr std::chrono::milliseconds default_patience{10000};

/// A question under way, in the frame of the coroutine that asks it; forgotten when that goes.
class pending_ask {
 public:
  /// Of the calling thread's worker. To nobody, it is answered with nothing.
  explicit pending_ask(caf::strong_actor_ptr to);
  pending_ask(const pending_ask&) = delete;
  pending_ask& operator=(const pending_ask&) = delete;

  const caf::strong_actor_ptr& target() const { return to_; }
  /// Whether there is nothing to wait for.
  bool answered() const { return answered_; }
  /// Waits until there is an answer, or will be none.
  task<void> wait(std::chrono::milliseconds longest = default_patience);

 protected:
  ~pending_ask();

  caf::message_id id() const { return id_; }
  caf::strong_actor_ptr sender() const;
  /// Afterwards it may be answered already.
  void send(caf::mailbox_element_ptr message);
  /// The coroutine was cancelled while it waited.
  bool cancelled() const { return cancelled_; }
  /// Nullptr when the target ended without one, or took too long.
  caf::mailbox_element_ptr answer() { return std::move(answer_); }
  /// What is done about an answer of the target that comes too late.
  using undo_late = void (*)(const caf::strong_actor_ptr& target, caf::mailbox_element& late);
  /// Before it goes without an answer.
  void leave_behind(undo_late undo);

 private:
  friend class asker;

  asker& asker_;
  caf::strong_actor_ptr to_;
  std::uint32_t slot_;
  bool answered_;
  bool cancelled_ = false;
  caf::message_id id_;
  caf::mailbox_element_ptr answer_;
  one_shot* waiting_ = nullptr;
};

/// The address of a worker's coroutines: answers to what they ask come back here, and find their coroutine.
class asker final : public caf::monitorable_actor {
 public:
  asker(caf::actor_config& config, worker& home);
  ~asker() override;

  const char* name() const override { return "asker"; }
  using caf::monitorable_actor::enqueue;
  /// From any thread.
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override;

 private:
  friend class pending_ask;

  struct entry {
    pending_ask* question = nullptr;
    std::uint64_t turn = 0; ///< Counts the questions that used this slot, so that a late answer finds nobody.
  };

  std::uint32_t enter(pending_ask& question);
  void leave(std::uint32_t slot);
  caf::message_id id_of(std::uint32_t slot) const;
  void deliver(caf::mailbox_element_ptr answer);
  void watch(const caf::strong_actor_ptr& target);
  void on_death(caf::actor_id of);

  worker& home_;
  std::vector<entry> entries_;
  std::vector<std::uint32_t> free_;
  std::vector<caf::actor_id> watched_;

  struct late_answer {
    caf::strong_actor_ptr from;
    pending_ask::undo_late undo;
  };
  std::unordered_map<std::uint64_t, late_answer> late_; ///< By request id; gone with the answer, or with its actor.
};

inline void intrusive_ptr_add_ref(asker* counted) { caf::intrusive_ptr_add_ref(counted->ctrl()); }
inline void intrusive_ptr_release(asker* counted) { caf::intrusive_ptr_release(counted->ctrl()); }
using asker_ptr = caf::intrusive_ptr<asker>;

asker_ptr make_asker(caf::actor_system& system, worker& home);

} // namespace gateway

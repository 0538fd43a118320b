#pragma once

#include "runtime/failure.hpp"
#include "runtime/worker.hpp"

#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/response_type.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

namespace gateway {

namespace detail {

template <class Outputs>
struct answer_of;
template <>
struct answer_of<caf::detail::type_list<>> {
  using type = void;
};
template <class T>
struct answer_of<caf::detail::type_list<T>> {
  using type = T;
};

template <class T>
result<T> read_answer(caf::mailbox_element_ptr answer) {
  if (!answer) return tl::unexpected<failure>(to_failure({}));
  auto& content = answer->content();
  if constexpr (std::is_void_v<T>) {
    if (!content.match_elements<caf::error>()) return {};
  } else {
    if (content.match_elements<T>()) return std::move(content.get_mutable_as<T>(0));
  }
  if (content.match_elements<caf::error>()) return tl::unexpected<failure>(to_failure(content.get_as<caf::error>(0)));
  return tl::unexpected<failure>(to_failure({}));
}

} // namespace detail

/// What `Handle` answers to such a message.
template <class Handle, class... Ts>
using answer_t =
    typename detail::answer_of<caf::response_type_t<typename Handle::signatures, std::decay_t<Ts>...>>::type;

/// Does nothing about an answer that comes too late.
struct no_undo {};

/// A question to an actor, sent by being made; its answer, once there is nothing to wait for. On a worker only. Where
/// an answer hands something out, `Undo()(target, answer)` is called, on the same worker, with the one that comes after
/// the asker has gone, or has lost its patience.
///
/// Most answers are there at once: then no coroutine is needed for them.
///     question<principal_ptr> asked(auth, authenticate_atom::value, digest, now);
///     if (!asked.answered()) co_await asked.wait();
///     auto who = asked.take();
template <class Answer, class Undo = no_undo>
class question : public pending_ask {
 public:
  template <class Handle, class... Ts>
  explicit question(const Handle& to, Ts... message) : pending_ask(caf::actor_cast<caf::strong_actor_ptr>(to)) {
    static_assert(std::is_same_v<Answer, answer_t<Handle, Ts...>>, "not what the catalogue says");
    if (!answered()) send(caf::make_mailbox_element(sender(), id(), {}, std::move(message)...));
  }
  question(const question&) = delete;
  question& operator=(const question&) = delete;
  ~question() {
    if constexpr (!std::is_same_v<Undo, no_undo>)
      if (!answered()) leave_behind(undo);
  }

  /// The answer, once. The error is the actor's own failure; `dependency_unavailable` when it ended or did not answer
  /// in time; or `cancelled`.
  result<Answer> take() {
    if (cancelled()) return fail(ec::cancelled, "the caller went away");
    return detail::read_answer<Answer>(answer());
  }

 private:
  static void undo(const caf::strong_actor_ptr& target, caf::mailbox_element& late) {
    if (late.content().match_elements<Answer>()) Undo()(target, late.content().get_mutable_as<Answer>(0));
  }
};

/// Asks an actor, as if it were a call: `auto who = co_await ask(auth, authenticate_atom::value, digest, now);`
/// On a worker only. An actor that is not running elsewhere answers before this suspends. The error is the
/// actor's own failure, or `dependency_unavailable` when it ended or did not answer within `patience`.
template <class Handle, class... Ts>
task<result<answer_t<Handle, Ts...>>> ask_within(std::chrono::milliseconds patience, Handle to, Ts... message) {
  question<answer_t<Handle, Ts...>> asked(to, std::move(message)...);
  if (!asked.answered()) co_await asked.wait(patience);
  co_return asked.take();
}

template <class Handle, class... Ts>
task<result<answer_t<Handle, Ts...>>> ask(Handle to, Ts... message) {
  return ask_within(default_patience, std::move(to), std::move(message)...);
}

/// Sends and expects nothing back. On a worker it runs the actor at once, if it can.
template <class Handle, class... Ts>
void tell(const Handle& to, Ts... message) {
  static_assert(caf::response_type<typename Handle::signatures, std::decay_t<Ts>...>::valid, "not in the catalogue");
  if (!to) return;
  auto* here = worker::current();
  caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message)...), here);
  if (here) here->run_ready();
}

} // namespace gateway

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
result<T> read_answer(caf::mailbox_element_ptr& answer) {
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

/// Leaves `undo` behind when it goes without its answer. Only then is there a std::function, and its allocation.
template <class Answer, class Undo>
class undoing_ask : public pending_ask {
 public:
  undoing_ask(asker& from, caf::strong_actor_ptr to, Undo undo)
      : pending_ask(from, std::move(to)), undo_(std::move(undo)) {}
  undoing_ask(const undoing_ask&) = delete;
  undoing_ask& operator=(const undoing_ask&) = delete;
  ~undoing_ask() {
    if (answered()) return;
    leave_behind([undo = std::move(undo_)](caf::mailbox_element& late) {
      if (late.content().match_elements<Answer>()) undo(late.content().get_mutable_as<Answer>(0));
    });
  }

 private:
  Undo undo_;
};

/// Does nothing about an answer that comes too late.
struct no_undo {};

template <class Answer>
class undoing_ask<Answer, no_undo> : public pending_ask {
 public:
  undoing_ask(asker& from, caf::strong_actor_ptr to, no_undo) : pending_ask(from, std::move(to)) {}
};

} // namespace detail

/// What `Handle` answers to such a message.
template <class Handle, class... Ts>
using answer_t =
    typename detail::answer_of<caf::response_type_t<typename Handle::signatures, std::decay_t<Ts>...>>::type;

/// How long an answer may take, unless the asker says otherwise: a bound for bugs, not a way to wait.
constexpr std::chrono::milliseconds default_patience{10000};

/// As `ask`, for an answer that hands something out: when it comes after the asker has gone, or lost its patience, it
/// is handed to `undo` on the same worker.
template <class Undo, class Handle, class... Ts>
task<result<answer_t<Handle, Ts...>>> ask_or_undo(std::chrono::milliseconds patience, Undo undo, Handle to,
                                                  Ts... message) {
  using answer = answer_t<Handle, Ts...>;
  if (!to) co_return tl::unexpected<failure>(to_failure({}));
  auto& here = *worker::current();
  auto& asker = here.questions();
  detail::undoing_ask<answer, Undo> question(asker, caf::actor_cast<caf::strong_actor_ptr>(std::move(to)),
                                             std::move(undo));
  question.target()->enqueue(
      caf::make_mailbox_element(caf::strong_actor_ptr(asker.ctrl()), question.id(), {}, std::move(message)...), &here);
  here.run_ready();
  if (!question.answered() && !co_await question.wait(patience)) co_return fail(ec::cancelled, "the caller went away");
  co_return detail::read_answer<answer>(question.answer());
}

/// Asks an actor, as if it were a call: `auto who = co_await ask(auth, authenticate_atom::value, digest, now);`
/// On a worker only. An actor that is not running elsewhere answers before this suspends. The error is the
/// actor's own failure, or `dependency_unavailable` when it ended or did not answer within `patience`.
template <class Handle, class... Ts>
task<result<answer_t<Handle, Ts...>>> ask_within(std::chrono::milliseconds patience, Handle to, Ts... message) {
  return ask_or_undo(patience, detail::no_undo{}, std::move(to), std::move(message)...);
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
  caf::actor_cast<caf::strong_actor_ptr>(to)->enqueue(
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message)...), here);
  if (here) here->run_ready();
}

} // namespace gateway

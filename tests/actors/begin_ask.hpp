#pragma once

#include "tests/actors/fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <optional>

namespace gateway::test {

/// The answer of an ask, once it is there.
template <class T>
using pending_answer = std::shared_ptr<std::optional<result<T>>>;

/// Asks without waiting: `run` delivers, and the answer shows up some time later, or never.
template <class T, class Handle, class... Ts>
pending_answer<T> begin_ask(actor_fixture& in, Handle target, Ts... message) {
  auto answer = std::make_shared<std::optional<result<T>>>();
  in.keep(in.system.spawn([=](caf::event_based_actor* asker) {
    auto refused = [answer](const caf::error& error) { *answer = tl::unexpected<failure>(to_failure(error)); };
    auto asked = asker->request(target, caf::infinite, message...);
    if constexpr (std::is_void_v<T>)
      asked.then([answer] { answer->emplace(); }, refused);
    else
      asked.then([answer](const T& value) { *answer = value; }, refused);
  }));
  return answer;
}

/// Whether an ask was answered well.
template <class T>
bool went_well(const pending_answer<T>& answer) {
  return *answer && (*answer)->has_value();
}

/// Whether an ask was answered with this code.
template <class T>
bool was_refused(const pending_answer<T>& answer, ec code) {
  return *answer && !(*answer)->has_value() && (*answer)->error().code == code;
}

} // namespace gateway::test

#include "runtime/ask.hpp"

#include "runtime/asio_scheduler.hpp"
#include "runtime/pinned.hpp"
#include "runtime/spawn.hpp"
#include "tests/runtime/on_worker.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <caf/response_promise.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <string>
#include <vector>

namespace gateway {
namespace {

using add_atom = caf::atom_constant<caf::atom("add")>;
using refuse_atom = caf::atom_constant<caf::atom("refuse")>;
using park_atom = caf::atom_constant<caf::atom("park")>;
using free_atom = caf::atom_constant<caf::atom("free")>;
using where_atom = caf::atom_constant<caf::atom("where")>;

using counter_actor = caf::typed_actor<caf::replies_to<add_atom, int>::with<int>,  // The sum so far.
                                       caf::replies_to<refuse_atom>::with<void>,   // Always a failure.
                                       caf::replies_to<park_atom>::with<int>,      // Answers when told to.
                                       caf::replies_to<free_atom, int>::with<int>, // How many it answered with this.
                                       caf::replies_to<where_atom>::with<int>>;    // The worker it runs on, or -1.

struct counter_state {
  int sum = 0;
  std::vector<caf::response_promise> parked;
};

template <class Self>
counter_actor::behavior_type counter(Self self) {
  return {
      [self](add_atom, int n) { return self->state.sum += n; },
      [](refuse_atom) -> caf::result<void> { return to_error({.code = ec::conflict, .message = "taken"}); },
      [self](park_atom) -> caf::result<int> {
        self->state.parked.push_back(self->make_response_promise());
        return caf::delegated<int>{};
      },
      [self](free_atom, int with) {
        for (auto& each : self->state.parked) each.deliver(with);
        return static_cast<int>(std::exchange(self->state.parked, {}).size());
      },
      [](where_atom) { return worker::current() ? static_cast<int>(worker::current()->index()) : -1; },
  };
}

counter_actor::behavior_type free_counter(counter_actor::stateful_pointer<counter_state> self) { return counter(self); }
counter_actor::behavior_type pinned_counter(pinned_pointer<counter_actor, counter_state> self) { return counter(self); }

/// Two workers, and actors that are ended before the system goes.
struct house {
  runtime_config config{2};
  caf::actor_system system{config};
  std::vector<counter_actor> started;

  counter_actor keep(counter_actor actor) { return started.emplace_back(std::move(actor)); }
  worker& at(std::size_t index) { return scheduler_of(system).at(index); }
  ~house() {
    for (auto& actor : started) caf::anon_send_exit(actor, caf::exit_reason::kill);
  }
};

task<result<int>> add(counter_actor to, int n) { return ask(to, add_atom::value, n); }
task<result<int>> where(counter_actor to) { return ask(to, where_atom::value); }
task<result<int>> park(counter_actor to) { return ask(to, park_atom::value); }
task<result<int>> park_for(counter_actor to, std::chrono::milliseconds patience) {
  return ask_within(patience, to, park_atom::value);
}
task<ec> refuse(counter_actor to) {
  const auto answer = co_await ask(to, refuse_atom::value);
  co_return answer ? ec::none : answer.error().code;
}

TEST_CASE("an ask is answered with the actor's value, on the asker's own thread") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  CHECK(test::on_worker(h.at(0), add(actor, 2)).value() == 2);
  CHECK(test::on_worker(h.at(1), add(actor, 3)).value() == 5);
  CHECK(test::on_worker(h.at(0), where(actor)).value() == 0);
  CHECK(test::on_worker(h.at(1), where(actor)).value() == 1);
}

TEST_CASE("a pinned actor runs on its own worker, whoever asks") {
  house h;
  auto actor = h.keep(spawn_on(h.at(1), pinned_counter));
  CHECK(test::on_worker(h.at(0), where(actor)).value() == 1);
  CHECK(test::on_worker(h.at(1), where(actor)).value() == 1);
}

TEST_CASE("a detached actor answers from a thread of its own") {
  house h;
  auto actor = h.keep(h.system.spawn<caf::detached>(free_counter));
  CHECK(test::on_worker(h.at(0), where(actor)).value() == -1);
  CHECK(test::on_worker(h.at(0), add(actor, 7)).value() == 7);
}

TEST_CASE("an actor's failure reaches the asker whole") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  CHECK(test::on_worker(h.at(0), refuse(actor)) == ec::conflict);
}

TEST_CASE("asking nobody, or somebody who has ended, is a failure at once") {
  house h;
  CHECK(test::on_worker(h.at(0), refuse({})) == ec::dependency_unavailable);
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  caf::scoped_actor self(h.system);
  self->send_exit(actor, caf::exit_reason::kill);
  self->wait_for(actor);
  CHECK(test::on_worker(h.at(0), refuse(actor)) == ec::dependency_unavailable);
}

TEST_CASE("an actor that dies with a question put aside does not leave its asker waiting") {
  house h;
  auto actor = h.keep(h.system.spawn<caf::detached>(free_counter));
  auto& here = h.at(0);
  std::promise<result<int>> promise;
  asio::co_spawn(here.io().get_executor(), park(actor),
                 [&](std::exception_ptr, result<int> answer) { promise.set_value(std::move(answer)); });
  // Asked after the other question, on the same worker, so that one is under way by now.
  CHECK(test::on_worker(here, add(actor, 1)).value() == 1);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  const auto answer = promise.get_future().get();
  REQUIRE(!answer);
  CHECK(answer.error().code == ec::dependency_unavailable);
  CHECK(answer.error().retry_after == std::chrono::seconds(1));
}

TEST_CASE("an ask ends when its patience does") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  const auto answer = test::on_worker(h.at(0), park_for(actor, std::chrono::milliseconds(1)));
  REQUIRE(!answer);
  CHECK(answer.error().code == ec::dependency_unavailable);
  CHECK(test::on_worker(h.at(0), add(actor, 1)).value() == 1);
}

/// What was undone; only one test asks for it.
std::vector<int> undone;

struct note_undone {
  void operator()(const caf::strong_actor_ptr&, int late) const { undone.push_back(late); }
};

task<result<int>> park_and_go(counter_actor to) {
  question<int, note_undone> asked(to, park_atom::value);
  co_await asked.wait(std::chrono::milliseconds(1));
  co_return asked.take();
}
task<result<int>> free_parked(counter_actor to, int with) { return ask(to, free_atom::value, with); }

TEST_CASE("what an answer hands out too late is undone, once") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  CHECK(!test::on_worker(h.at(0), park_and_go(actor)));
  CHECK(test::on_worker(h.at(0), free_parked(actor, 7)).value() == 1);
  CHECK(test::on_worker(h.at(0), free_parked(actor, 8)).value() == 0);
  CHECK(undone == std::vector{7});
}

TEST_CASE("a cancelled ask ends as cancelled") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  auto& here = h.at(0);
  asio::cancellation_signal signal;
  std::promise<result<int>> promise;
  asio::co_spawn(here.io().get_executor(), park(actor),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, result<int> answer) {
                   promise.set_value(std::move(answer));
                 }));
  asio::post(here.io(), [&] { signal.emit(asio::cancellation_type::terminal); });
  const auto answer = promise.get_future().get();
  REQUIRE(!answer);
  CHECK(answer.error().code == ec::cancelled);
}

task<int> add_many(counter_actor to, int times) {
  int answered = 0;
  for (int i = 0; i < times; ++i) answered += (co_await ask(to, add_atom::value, 1)).has_value() ? 1 : 0;
  co_return answered;
}

TEST_CASE("two workers that ask one actor lose no message") {
  house h;
  auto actor = h.keep(spawn_on(h.at(0), free_counter));
  constexpr int times = 20000;
  auto other = std::async(std::launch::async, [&] { return test::on_worker(h.at(1), add_many(actor, times)); });
  CHECK(test::on_worker(h.at(0), add_many(actor, times)) == times);
  CHECK(other.get() == times);
  CHECK(test::on_worker(h.at(0), add(actor, 0)).value() == 2 * times);
}

TEST_CASE("a coroutine that is dropped while it asks leaves nothing behind") {
  house h;
  auto actor = h.keep(h.system.spawn<caf::detached>(free_counter));
  for (int i = 0; i < 100; ++i)
    asio::co_spawn(h.at(0).io().get_executor(), park(actor), [](std::exception_ptr, const result<int>&) {});
  CHECK(test::on_worker(h.at(0), add(actor, 1)).value() == 1);
}

} // namespace
} // namespace gateway

#include "runtime/prompt.hpp"

#include "runtime/asio_scheduler.hpp"
#include "runtime/ask.hpp"
#include "runtime/spawn.hpp"
#include "tests/runtime/on_worker.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using add_atom = caf::atom_constant<caf::atom("add")>;
using sum_atom = caf::atom_constant<caf::atom("sum")>;
using pass_atom = caf::atom_constant<caf::atom("pass")>;
using quit_atom = caf::atom_constant<caf::atom("quit")>;
using late_atom = caf::atom_constant<caf::atom("late")>;

using counter_actor = caf::typed_actor<caf::reacts_to<add_atom, int>,              // Adds it.
                                       caf::replies_to<sum_atom>::with<int>,       // The sum so far.
                                       caf::replies_to<pass_atom, int>::with<int>, // What the next says, plus one.
                                       caf::replies_to<late_atom>::with<int>,      // The sum after a message to itself.
                                       caf::reacts_to<quit_atom>>;

struct counter_state {
  int sum = 0;
  int inside = 0; ///< How many handlers run.
  int most_inside = 0;
};

counter_actor::behavior_type count(prompt_pointer<counter_actor, counter_state> self, counter_actor next) {
  return {
      [self](add_atom, int n) {
        auto& state = self->state;
        state.most_inside = std::max(state.most_inside, ++state.inside);
        state.sum += n;
        --state.inside;
      },
      [self](sum_atom) { return self->state.most_inside > 1 ? -1 : self->state.sum; },
      [self, next](pass_atom, int left) -> caf::result<int> {
        if (left == 0) return 0;
        auto promise = self->make_response_promise();
        self->request(next ? next : caf::actor_cast<counter_actor>(self), caf::infinite, pass_atom::value, left - 1)
            .then([promise](int said) mutable { promise.deliver(said + 1); });
        return caf::delegated<int>{};
      },
      [self](late_atom) -> caf::result<int> {
        auto promise = self->make_response_promise();
        self->send(self, add_atom::value, 1);
        self->request(caf::actor_cast<counter_actor>(self), caf::infinite, sum_atom::value)
            .then([promise](int sum) mutable { promise.deliver(sum); });
        return caf::delegated<int>{};
      },
      [self](quit_atom) { self->quit(); },
  };
}

struct house {
  runtime_config config{2};
  caf::actor_system system{config};
  std::vector<counter_actor> started;

  worker& at(std::size_t index) { return scheduler_of(system).at(index); }
  counter_actor start(const counter_actor& next = {}) { return started.emplace_back(spawn_on(at(0), count, next)); }
  ~house() {
    for (auto& actor : started) caf::anon_send_exit(actor, caf::exit_reason::kill);
  }
};

task<int> tell_many(counter_actor to, int times) {
  for (int i = 0; i < times; ++i) tell(to, add_atom::value, 1);
  co_return (co_await ask(to, sum_atom::value)).value();
}
task<result<int>> pass(counter_actor to, int times) { return ask(to, pass_atom::value, times); }
task<result<int>> late(counter_actor to) { return ask(to, late_atom::value); }
task<result<int>> sum(counter_actor to) { return ask(to, sum_atom::value); }

TEST_CASE("what was told before is counted when the answer comes") {
  house h;
  CHECK(test::on_worker(h.at(0), tell_many(h.start(), 1000)) == 1000);
}

TEST_CASE("workers that message one actor have it run once at a time, and lose nothing") {
  house h;
  const auto actor = h.start();
  constexpr int times = 50'000;
  auto other = std::async(std::launch::async, [&] { return test::on_worker(h.at(1), tell_many(actor, times)); });
  CHECK(test::on_worker(h.at(0), tell_many(actor, times)) >= times);
  CHECK(other.get() >= times);
  CHECK(test::on_worker(h.at(0), sum(actor)).value() == 2 * times);
}

TEST_CASE("actors that message each other, and themselves, take turns") {
  house h;
  const auto actor = h.start(h.start());
  CHECK(test::on_worker(h.at(0), pass(actor, 1)).value() == 1);
  CHECK(test::on_worker(h.at(0), pass(actor, 1000)).value() == 1000);
  CHECK(test::on_worker(h.at(1), pass(actor, 1000)).value() == 1000);
}

TEST_CASE("a message of an actor to itself is handled after the one at hand") {
  house h;
  const auto actor = h.start();
  CHECK(test::on_worker(h.at(0), late(actor)).value() == 1);
  CHECK(test::on_worker(h.at(1), late(actor)).value() == 2);
}

task<ec> ask_after_quitting(counter_actor to) {
  tell(to, quit_atom::value);
  const auto answer = co_await ask(to, sum_atom::value);
  co_return answer ? ec::none : answer.error().code;
}

TEST_CASE("an actor that ends by a message answers none after it") {
  house h;
  CHECK(test::on_worker(h.at(0), ask_after_quitting(h.start())) == ec::dependency_unavailable);
}

} // namespace
} // namespace gateway

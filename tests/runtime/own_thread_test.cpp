#include "runtime/own_thread.hpp"

#include "runtime/asio_scheduler.hpp"
#include "runtime/ask.hpp"
#include "runtime/spawn.hpp"
#include "tests/runtime/on_worker.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using add_atom = caf::atom_constant<caf::atom("add")>;
using sum_atom = caf::atom_constant<caf::atom("sum")>;
using where_atom = caf::atom_constant<caf::atom("where")>;
using later_atom = caf::atom_constant<caf::atom("later")>;

using clerk_actor = caf::typed_actor<caf::reacts_to<add_atom, int>,                     // Adds it.
                                     caf::replies_to<sum_atom>::with<int>,              // The sum so far.
                                     caf::replies_to<where_atom>::with<std::uint64_t>,  // Its thread,
                                     caf::replies_to<later_atom>::with<std::uint64_t>>; // also a moment later.

struct clerk_state {
  int sum = 0;
};

std::uint64_t this_thread() { return std::hash<std::thread::id>{}(std::this_thread::get_id()); }

clerk_actor::behavior_type clerk(secluded_pointer<clerk_actor, clerk_state> self) {
  return {
      [self](add_atom, int n) { self->state.sum += n; },
      [self](sum_atom) { return self->state.sum; },
      [](where_atom) { return this_thread(); },
      [self](later_atom) -> caf::result<std::uint64_t> {
        auto promise = self->make_response_promise();
        self->request(caf::actor_cast<clerk_actor>(self), caf::infinite, where_atom::value)
            .then([promise](std::uint64_t) mutable { promise.deliver(this_thread()); });
        return caf::delegated<std::uint64_t>{};
      },
  };
}

struct office {
  runtime_config config{2};
  caf::actor_system system{config};
  own_thread& thread = scheduler_of(system).add_thread("clerk");
  std::vector<clerk_actor> started;

  worker& at(std::size_t index) { return scheduler_of(system).at(index); }
  clerk_actor start() { return started.emplace_back(spawn_on(thread, clerk)); }
  ~office() {
    for (auto& actor : started) caf::anon_send_exit(actor, caf::exit_reason::kill);
  }
};

task<result<std::uint64_t>> place_of(clerk_actor to) { return ask(to, where_atom::value); }
task<result<std::uint64_t>> later_place_of(clerk_actor to) { return ask(to, later_atom::value); }
task<int> tell_many(clerk_actor to, int times) {
  for (int i = 0; i < times; ++i) tell(to, add_atom::value, 1);
  co_return (co_await ask(to, sum_atom::value)).value();
}

TEST_CASE("secluded actors only ever run on their thread, whoever messages them") {
  office h;
  std::set<std::uint64_t> places;
  for (const auto& actor : {h.start(), h.start()})
    for (std::size_t i = 0; i < 2; ++i) {
      places.insert(test::on_worker(h.at(i), place_of(actor)).value());
      places.insert(test::on_worker(h.at(i), later_place_of(actor)).value());
    }
  CHECK(places.size() == 1);
  CHECK_FALSE(places.contains(this_thread()));
}

TEST_CASE("what workers tell a secluded actor at once is all there") {
  office h;
  const auto actor = h.start();
  constexpr int times = 20'000;
  auto other = std::async(std::launch::async, [&] { return test::on_worker(h.at(1), tell_many(actor, times)); });
  CHECK(test::on_worker(h.at(0), tell_many(actor, times)) >= times);
  CHECK(other.get() >= times);
  CHECK(test::on_worker(h.at(0), tell_many(actor, 0)) == 2 * times);
}

TEST_CASE("an actor that was made for a thread of its own runs without one, too") {
  runtime_config config{1};
  caf::actor_system system{config};
  const auto actor = system.spawn(clerk);
  CHECK(test::on_worker(scheduler_of(system).at(0), tell_many(actor, 3)) == 3);
}

} // namespace
} // namespace gateway

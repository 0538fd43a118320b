#include "runtime/asio_scheduler.hpp"
#include "runtime/ask.hpp"
#include "runtime/pinned.hpp"
#include "runtime/spawn.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <future>
#include <utility>

namespace gateway {
namespace {

using add_atom = caf::atom_constant<caf::atom("add")>;
using counter_actor = caf::typed_actor<caf::replies_to<add_atom, int>::with<int>>;

struct counter_state {
  int sum = 0;
};

counter_actor::behavior_type shared_counter(counter_actor::stateful_pointer<counter_state> self) {
  return {[self](add_atom, int n) { return self->state.sum += n; }};
}

counter_actor::behavior_type pinned_counter(pinned_pointer<counter_actor, counter_state> self) {
  return {[self](add_atom, int n) { return self->state.sum += n; }};
}

task<void> ask_many(benchmark::State& state, counter_actor whom) {
  for (auto _ : state) {
    auto sum = co_await ask(whom, add_atom::value, 1);
    if (!sum) {
      state.SkipWithError("the actor did not answer");
      break;
    }
    benchmark::DoNotOptimize(*sum);
  }
}

// Runs the loop as a coroutine on a worker, where requests run.
void run_on(worker& here, benchmark::State& state, counter_actor whom) {
  std::promise<void> done;
  asio::co_spawn(here.io().get_executor(), ask_many(state, whom), [&done](std::exception_ptr) { done.set_value(); });
  done.get_future().get();
  caf::anon_send_exit(whom, caf::exit_reason::kill);
}

void ask_on_the_same_worker(benchmark::State& state) {
  runtime_config config(1);
  caf::actor_system system(config);
  auto& here = scheduler_of(system).at(0);
  run_on(here, state, spawn_on(here, shared_counter));
}
BENCHMARK(ask_on_the_same_worker);

void ask_on_another_worker(benchmark::State& state) {
  runtime_config config(2);
  caf::actor_system system(config);
  auto& scheduler = scheduler_of(system);
  run_on(scheduler.at(0), state, spawn_on(scheduler.at(1), pinned_counter));
}
BENCHMARK(ask_on_another_worker)->MeasureProcessCPUTime();

} // namespace
} // namespace gateway

#include "actors/audit.hpp"
#include "bench/micro/audit_files.hpp"
#include "config/config.hpp"
#include "http/journey/audit_outbox.hpp"
#include "runtime/asio_scheduler.hpp"
#include "runtime/ask.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t callers = 64;
constexpr std::size_t requests_each = 256;

task<void> one_caller(audit_outbox& outbox, audit_durability how, std::size_t number) {
  for (std::size_t i = 0; i < requests_each; ++i) {
    auto record = bench_record(number * requests_each + i);
    const auto admitted = outbox.admit(record, {500, 7000});
    if (how != audit_durability::async) co_await outbox.wait(admitted, std::chrono::seconds(10));
    record.status = 200;
    outbox.settle(record);
  }
}

task<void> all_callers(worker& here, audit_outbox& outbox, audit_durability how, std::size_t& number,
                       std::promise<void>& done) {
  auto left = std::make_shared<std::size_t>(callers);
  one_shot over(here.wheel());
  for (std::size_t i = 0; i < callers; ++i)
    asio::co_spawn(here.io().get_executor(), one_caller(outbox, how, number++),
                   [left, &over](const std::exception_ptr&) {
                     if (--*left == 0) over.fire();
                   });
  co_await over.wait_for(std::chrono::minutes(1));
  co_await outbox.flush(std::chrono::minutes(1));
  done.set_value();
}

// The whole path: callers on a worker, its outbox, AUDIT with its journal, and the records in the log in the end. What
// is committed together is what came together.
void audit_path(benchmark::State& state) {
  const auto how = static_cast<audit_durability>(state.range(0));
  state.SetLabel(std::string(to_string(how)));
  const audit_files files;
  runtime_config config(1);
  caf::actor_system system(config);
  auto& here = scheduler_of(system).at(0);
  audit_settings settings;
  settings.sync = how == audit_durability::strict;
  const std::shared_ptr<audit_store> log = files.open_log();
  const std::shared_ptr<audit_journal> journal = files.open_journal();
  {
    auto people = std::make_shared<roster>();
    people->audit = audit_actor(system.spawn<caf::detached>(audit, log, journal, settings));
    roster_ptr now = people;
    audit_outbox outbox(here, now, {.is_awaited = how != audit_durability::async});
    std::size_t number = 0;
    caf::scoped_actor self(system);
    while (state.KeepRunningBatch(callers * requests_each)) {
      std::promise<void> done;
      asio::co_spawn(here.io().get_executor(), all_callers(here, outbox, how, number, done), asio::detached);
      done.get_future().get();
      self->request(people->audit, caf::infinite, commit_atom::value).receive([] {}, [](const caf::error&) {});
    }
    state.counters["requests/s"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    caf::anon_send_exit(people->audit, caf::exit_reason::kill);
  }
}
BENCHMARK(audit_path)->ArgName("durability")->DenseRange(0, 2)->MeasureProcessCPUTime()->UseRealTime();

void count_requests(benchmark::State& state) {
  state.counters["requests/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Both entries of so many requests at once, and their records in the log.
void journal_and_log(benchmark::State& state) {
  const auto group = static_cast<std::size_t>(state.range(0));
  const audit_files files;
  audit_settings how;
  how.sync = state.range(1) != 0;
  const std::shared_ptr<audit_store> log = files.open_log();
  const std::shared_ptr<audit_journal> journal = files.open_journal();
  audit_index index(log, journal, how);
  group_commit commits(journal, index, how);
  std::size_t number = 0;
  while (state.KeepRunningBatch(static_cast<std::int64_t>(group))) {
    for (const auto phase : {audit_entry::phase::admitted, audit_entry::phase::settled}) {
      commits.add(batch_of(bench_entries(phase, number, group)), [&state](const result<void>& written) {
        if (!written) state.SkipWithError(written.error().message.c_str());
      });
      commits.commit_group();
    }
    number += group;
    if (index.waiting() >= how.batch) index.write_batch();
    if (index.is_long()) index.write_all(0);
  }
  count_requests(state);
}
BENCHMARK(journal_and_log)->ArgNames({"group", "sync"})->ArgsProduct({{1, 16, 64, 256}, {0, 1}})->UseRealTime();

// The same without a journal: two transactions of SQLite, on fewer columns than the log has.
void sqlite_alone(benchmark::State& state) {
  const auto group = static_cast<std::size_t>(state.range(0));
  const audit_files files;
  two_phase_table table(files, state.range(1) != 0);
  std::size_t number = 0;
  while (state.KeepRunningBatch(static_cast<std::int64_t>(group))) {
    table.admit(bench_entries(audit_entry::phase::admitted, number, group));
    table.settle(bench_entries(audit_entry::phase::settled, number, group));
    number += group;
  }
  count_requests(state);
}
BENCHMARK(sqlite_alone)->ArgNames({"group", "sync"})->ArgsProduct({{1, 16, 64, 256}, {0, 1}})->UseRealTime();

} // namespace
} // namespace gateway

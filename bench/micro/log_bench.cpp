#include "bench/micro/audit_files.hpp"
#include "domain/api_key.hpp"
#include "storage/audit_chain.hpp"
#include "storage/audit_codec.hpp"
#include "storage/audit_store.hpp"
#include "storage/audit_verify.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// The audit log: what appending, verifying and going through it costs a record. The files are beside the program.

namespace {

using namespace gateway;

constexpr std::size_t batch = 512;
constexpr std::uint64_t key_count = 1000;

/// Ids in random order, tenants and keys in turn, ten records a millisecond: what an index would feel.
audit_record make_record(std::uint64_t number) {
  const auto who = (number * 7919) % key_count;
  auto record = bench_record(number / 10);
  record.id = mint_uuid();
  record.request_id = mint_uuid();
  record.tenant_id = "tenant-" + std::to_string(who % 100);
  record.key_id = "key-" + std::to_string(who);
  record.status = 200;
  return record;
}

std::vector<audit_record> make_batch(std::uint64_t from) {
  std::vector<audit_record> records;
  for (std::uint64_t number = from; number < from + batch; ++number) records.push_back(make_record(number));
  return records;
}

void fill(audit_store& log, std::uint64_t records) {
  for (std::uint64_t number = 0; number < records; number += batch)
    if (!log.append(make_batch(number))) throw std::runtime_error("the log takes no records");
}

void append(benchmark::State& state) {
  const audit_files place;
  const auto log = open_sqlite_audit_store(place.database(), secret("bench")).value();
  std::uint64_t number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto records = make_batch(number);
    number += batch;
    state.ResumeTiming();
    if (!log->append(records)) state.SkipWithError("the log takes no records");
  }
  state.counters["records"] = benchmark::Counter(static_cast<double>(number), benchmark::Counter::kIsRate);
}
BENCHMARK(append)->Iterations(1000)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();

void chain(benchmark::State& state) {
  audit_chain links(secret("bench"));
  std::string record;
  encode(make_record(1), record);
  log_end end;
  for (auto _ : state) end = {end.sequence + 1, links.next(end, record)};
  benchmark::DoNotOptimize(end);
}
BENCHMARK(chain);

constexpr std::uint64_t long_log = 400 * batch;

void verify(benchmark::State& state) {
  const audit_files place;
  fill(*open_sqlite_audit_store(place.database(), secret("bench")).value(), long_log);
  for (auto _ : state)
    if (verify_audit_log(place.database(), secret("bench")).value().flaw) state.SkipWithError("the log has a flaw");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(long_log));
}
BENCHMARK(verify)->Unit(benchmark::kMillisecond);

void visit_counted(benchmark::State& state) {
  const audit_files place;
  const auto log = open_sqlite_audit_store(place.database(), secret("bench")).value();
  fill(*log, long_log);
  std::uint64_t tokens = 0;
  for (auto _ : state)
    if (!log->visit_counted({}, [&](const audit_record& record) { tokens += record.usage.total(); }))
      state.SkipWithError("the log cannot be read");
  benchmark::DoNotOptimize(tokens);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(long_log));
}
BENCHMARK(visit_counted)->Unit(benchmark::kMillisecond);

void trim(benchmark::State& state) {
  const audit_files place;
  const auto log = open_sqlite_audit_store(place.database(), secret("bench")).value();
  fill(*log, long_log);
  const audit_retention nothing{.days = 1, .max_bytes = 0};
  const auto later = make_record(long_log).created_at + std::chrono::days{2};
  for (auto _ : state)
    if (!log->trim(nothing, later)) state.SkipWithError("the log cannot be trimmed");
}
BENCHMARK(trim)->Iterations(150)->Unit(benchmark::kMillisecond);

} // namespace

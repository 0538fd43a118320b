#include "domain/quota/quota_book.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gateway {
namespace {

constexpr timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12};

principal key_number(std::int64_t number) {
  principal who;
  who.key_id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
  who.tenant_id = "acme";
  who.quota = {1'000'000'000'000, 1'000'000'000'000'000};
  return who;
}

// A ledger that grants whatever is asked for.
void grant(quota_book& book, const quota_shortage& wishes) {
  std::vector<lease> leases;
  for (const auto& wish : wishes) leases.push_back({wish.entry, wish.limit, wish.limit});
  book.absorb(leases);
}

void reserve_and_settle(benchmark::State& state) {
  quota_book book(1, std::chrono::minutes(10));
  std::vector<principal> keys;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    keys.push_back(key_number(i));
    const auto decision = book.reserve(keys.back(), 300, now);
    if (const auto* wishes = std::get_if<quota_shortage>(&decision)) grant(book, *wishes);
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto decision = book.reserve(keys[next], 300, now);
    const auto* hold = std::get_if<quota_hold>(&decision);
    if (!hold) {
      state.SkipWithError("the book refused");
      break;
    }
    benchmark::DoNotOptimize(book.settle(hold->id, 100));
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
}
BENCHMARK(reserve_and_settle)->ArgName("keys")->Arg(1)->Arg(10'000);

} // namespace
} // namespace gateway

#include "domain/quota/quota_book.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace gateway {
namespace {

constexpr timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12};
constexpr std::uint64_t plenty = 1'000'000'000'000'000;
constexpr quota_amount wanted{300, 200};
constexpr quota_amount used{100, 70};

principal key_number(std::int64_t number) {
  principal who;
  who.key_id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
  who.tenant_id = "acme";
  who.quota = {plenty, plenty};
  return who;
}

principal with_every_limit(principal who) {
  who.limits = {plenty, plenty, plenty, plenty, plenty};
  who.time_zone = "Europe/Berlin";
  tenant_limits tenant;
  tenant.daily_requests = plenty;
  tenant.daily_tokens = plenty;
  tenant.limits = who.limits;
  static const auto shared = std::make_shared<const tenant_limits>(tenant);
  who.tenant = shared;
  return who;
}

// A ledger that grants whatever is asked for.
void grant(quota_book& book, const quota_shortage& wishes) {
  std::vector<lease> leases;
  for (const auto& wish : wishes) leases.push_back({wish.entry, wish.limit, wish.limit});
  book.absorb(leases);
}

void run(benchmark::State& state, principal (*make)(std::int64_t)) {
  quota_book book(1, std::chrono::minutes(10));
  std::vector<principal_ptr> keys;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    keys.push_back(std::make_shared<const principal>(make(i)));
    const auto decision = book.reserve(keys.back(), wanted, now);
    if (const auto* wishes = std::get_if<quota_shortage>(&decision)) grant(book, *wishes);
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto decision = book.reserve(keys[next], wanted, now);
    const auto* hold = std::get_if<quota_hold>(&decision);
    if (!hold) {
      state.SkipWithError("the book refused");
      break;
    }
    benchmark::DoNotOptimize(book.settle(hold->id, used, now));
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
}

void reserve_and_settle(benchmark::State& state) { run(state, key_number); }
BENCHMARK(reserve_and_settle)->ArgName("keys")->Arg(1)->Arg(10'000);

void reserve_and_settle_every_limit(benchmark::State& state) {
  run(state, [](std::int64_t number) { return with_every_limit(key_number(number)); });
}
BENCHMARK(reserve_and_settle_every_limit)->ArgName("keys")->Arg(1)->Arg(10'000);

} // namespace
} // namespace gateway

#include "tests/simulation/schedule.hpp"

#include <array>

namespace gateway::simulation {
namespace {

using namespace std::chrono_literals;

// Just before something happens to the calendar somewhere.
constexpr std::array<std::string_view, 8> beginnings{
    "2026-11-23T20:00:00Z", // Nothing.
    "2026-11-23T23:58:00Z", // Midnight in UTC.
    "2026-11-30T22:59:30Z", // A month ends in Berlin, then in UTC.
    "2026-03-08T06:58:30Z", // New York loses an hour.
    "2026-11-01T05:58:00Z", // New York gains one.
    "2026-10-25T00:59:00Z", // Berlin gains one.
    "2026-12-31T18:14:00Z", // A year ends in Kathmandu.
    "2026-04-04T14:59:00Z", // Lord Howe gains half an hour.
};
constexpr std::array<std::string_view, 5> zones{"UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu",
                                                "Australia/Lord_Howe"};

std::optional<std::uint64_t> perhaps(dice& random, std::uint64_t one_in, std::uint64_t most) {
  if (!random.one_in(one_in)) return std::nullopt;
  return random.between(1, most);
}

rate_limits some_rates(dice& random) {
  rate_limits rates;
  rates.requests_per_minute = perhaps(random, 4, 15);
  rates.tokens_per_minute = perhaps(random, 4, 3000);
  rates.concurrent_requests = perhaps(random, 4, 5);
  rates.budget_per_day = perhaps(random, 4, 4000);
  rates.budget_per_month = perhaps(random, 4, 8000);
  return rates;
}

tenant_limits_ptr some_tenant_limits(dice& random, std::string zone) {
  tenant_limits made;
  made.daily_requests = perhaps(random, 2, 50);
  made.daily_tokens = perhaps(random, 2, 6000);
  made.limits = some_rates(random);
  made.time_zone = std::move(zone);
  return std::make_shared<const tenant_limits>(std::move(made));
}

void set_limits(principal& who, dice& random) {
  who.quota = {random.between(1, 40), random.between(1, 5000)};
  who.limits = some_rates(random);
}

std::uint64_t perhaps_rate(dice& random) { return random.one_in(4) ? random.between(1, 12) : 0; }

} // namespace

profile::profile(dice& random) {
  house.shards = random.between(1, 3);
  start = *from_rfc3339(random.any_of(beginnings));
  // A third of the schedules lose nothing, so that their ends can be checked to the last token.
  if (!random.one_in(3)) {
    worst.ledger_writes_fail = perhaps_rate(random);
    worst.ledger_answers_lie = perhaps_rate(random);
    worst.ledger_questions_lost = perhaps_rate(random);
    worst.ledger_answers_lost = perhaps_rate(random);
    worst.ledger_answers_late = perhaps_rate(random);
    deaths = random.one_in(2);
    crashes = random.one_in(2);
  }
  worst.audit_writes_fail = perhaps_rate(random);
  worst.journal_writes_fail = perhaps_rate(random);
  house.interrupted = random.one_in(2) ? interrupted_policy::charge : interrupted_policy::release;
  clock_jumps = random.one_in(4);
  limit_changes = random.one_in(3);
  exceeds = random.one_in(4);
  forgets = random.one_in(3);
  const auto tenants = random.between(1, 3);
  std::vector<tenant_limits_ptr> shared;
  for (std::uint64_t i = 0; i < tenants; ++i)
    shared.push_back(random.one_in(2) ? some_tenant_limits(random, std::string(random.any_of(zones))) : nullptr);
  const auto count = random.between(1, 4);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto tenant = random.below(tenants);
    principal who;
    who.key_id = "key " + std::to_string(i);
    who.tenant_id = "tenant " + std::to_string(tenant);
    who.tenant = shared[tenant];
    who.time_zone = std::string(random.any_of(zones));
    set_limits(who, random);
    keys.push_back(std::make_shared<const principal>(std::move(who)));
  }
}

bool profile::is_lossless() const {
  return worst.ledger_writes_fail + worst.ledger_answers_lie + worst.ledger_questions_lost + worst.ledger_answers_lost +
                 worst.ledger_answers_late ==
             0 &&
         !deaths && !crashes;
}

void change_limits(std::vector<principal_ptr>& keys, dice& random) {
  const auto& chosen = random.any_of(keys);
  if (random.one_in(2) || !chosen->tenant) {
    const auto key_id = chosen->key_id;
    for (auto& each : keys) {
      if (each->key_id != key_id) continue;
      auto changed = *each;
      set_limits(changed, random);
      each = std::make_shared<const principal>(std::move(changed));
    }
    return;
  }
  const auto tenant_id = chosen->tenant_id;
  const auto limits = some_tenant_limits(random, chosen->tenant->time_zone);
  for (auto& each : keys) {
    if (each->tenant_id != tenant_id) continue;
    auto changed = *each;
    changed.tenant = limits;
    each = std::make_shared<const principal>(std::move(changed));
  }
}

} // namespace gateway::simulation

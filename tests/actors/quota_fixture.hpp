#pragma once

#include "actors/quota.hpp"
#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fixture.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace gateway::test {

inline constexpr timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12};

inline principal_ptr make_caller(std::string key_id, std::uint64_t requests, std::uint64_t tokens,
                                 std::string tenant_id = "acme") {
  principal who;
  who.key_id = std::move(key_id);
  who.tenant_id = std::move(tenant_id);
  who.quota = {requests, tokens};
  return std::make_shared<const principal>(std::move(who));
}

/// A shard of QUOTA, and asks to it.
class quota_fixture : public actor_fixture {
 public:
  quota_fixture() { start_shard(); }

  /// Starts a shard, the first or the next life of it.
  void start_shard() {
    quota_settings settings;
    settings.epoch = ++epoch_;
    settings.clock = [this] { return clock; };
    settings.steady_clock = settings.clock;
    shard = keep(system.spawn(quota, settings, "quota 0"));
    if (ledger_) meet(ledger_);
  }

  void meet(const ledger_actor& ledger) {
    ledger_ = ledger;
    auto people = std::make_shared<roster>();
    people->ledger = ledger;
    caf::anon_send(shard, roster_atom::value, roster_ptr(std::move(people)));
    run();
  }

  template <class Handle>
  void kill(const Handle& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::kill);
    run();
  }

  /// Asks, and does not wait for the answer.
  pending_answer<reservation> begin_reserve(const principal_ptr& who, std::uint64_t tokens, timestamp now = noon) {
    auto answer = begin_ask<reservation>(*this, shard, reserve_atom::value, who, quota_amount{tokens, 0}, now);
    run();
    return answer;
  }

  reservation reserve(const principal_ptr& who, std::uint64_t tokens, timestamp now = noon) {
    auto answer = ask<reservation>(shard, reserve_atom::value, who, quota_amount{tokens, 0}, now);
    REQUIRE(answer.has_value());
    return *answer;
  }

  pending_answer<reservation> begin_extend(hold_id hold, std::uint64_t tokens, timestamp now = noon) {
    auto answer = begin_ask<reservation>(*this, shard, extend_atom::value, hold, quota_amount{tokens, 0}, now);
    run();
    return answer;
  }

  void settle(hold_id hold, std::uint64_t tokens) {
    caf::anon_send(shard, settle_atom::value, hold, quota_amount{tokens, 0}, noon);
    run();
  }

  void release(hold_id hold) {
    caf::anon_send(shard, release_atom::value, hold);
    run();
  }

  limit_balances balances(const principal_ptr& who, timestamp now = noon) {
    auto answer = ask<limit_balances>(shard, balance_atom::value, who, now);
    REQUIRE(answer.has_value());
    return *answer;
  }

  result<void> drain() { return ask<void>(shard, drain_atom::value); }

  /// Lets time pass, for the shard and on its clock.
  void pass(std::chrono::milliseconds span) {
    clock += span;
    advance(span);
  }

  quota_actor shard;
  timestamp clock = noon;

 private:
  ledger_actor ledger_;
  std::uint32_t epoch_ = 0;
};

/// Whether a reservation was answered with a hold.
inline bool is_held(const pending_answer<reservation>& answer) { return went_well(answer) && (**answer)->hold != 0; }

/// Whether a reservation was answered with the limit that refused it.
inline bool is_over_limit(const pending_answer<reservation>& answer) {
  return went_well(answer) && (**answer)->refused.has_value();
}

} // namespace gateway::test

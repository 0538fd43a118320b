#include "http/journey/held_quota.hpp"

#include "domain/time.hpp"
#include "runtime/ask.hpp"

#include <algorithm>
#include <string>

namespace gateway {
namespace {

std::string_view unit_of(limit_kind kind) {
  switch (kind) {
    case limit_kind::daily_requests:
    case limit_kind::requests_per_minute:
    case limit_kind::concurrent_requests: return "requests";
    case limit_kind::daily_tokens:
    case limit_kind::tokens_per_minute: return "tokens";
    case limit_kind::budget_per_day:
    case limit_kind::budget_per_month: return "dollars";
  }
  return "requests";
}

failure refusal(const quota_refusal& refused, timestamp now) {
  const auto& balance = refused.balance;
  const std::string limit(to_string(balance.kind));
  failure why;
  why.code = ec::quota_exceeded;
  why.message = "the key's limit of " + std::to_string(balance.limit) + " " + std::string(unit_of(balance.kind)) +
                " a day does not cover this request: it asks for " + std::to_string(refused.asked) + ", and " +
                std::to_string(balance.remaining()) + " are left until " + to_rfc3339(balance.resets_at);
  why.retry_after = std::max(std::chrono::ceil<std::chrono::seconds>(balance.resets_at - now), std::chrono::seconds(1));
  why.details = {{"limit", limit},
                 {"quota", std::to_string(balance.limit)},
                 {"asked", std::to_string(refused.asked)},
                 {"remaining", std::to_string(balance.remaining())},
                 {"resets_at", to_rfc3339(balance.resets_at)}};
  return why;
}

void announce(exchange& talk, const std::optional<limit_balance>& tightest) {
  if (!tightest) return;
  const std::string unit(unit_of(tightest->kind));
  talk.reply.add_header("x-ratelimit-limit-" + unit, std::to_string(tightest->limit));
  talk.reply.add_header("x-ratelimit-remaining-" + unit, std::to_string(tightest->remaining()));
  talk.reply.add_header("x-ratelimit-reset-" + unit, to_reset_text(tightest->resets_at - talk.now()));
}

} // namespace

void held_quota::settle() {
  const auto id = std::exchange(id_, 0);
  if (id == 0) return;
  if (spent_)
    tell(shard_, settle_atom::value, id, used_, wall_clock_now());
  else
    tell(shard_, release_atom::value, id);
}

task<result<held_quota>> admit(exchange& talk, principal_ptr who, quota_amount wanted) {
  const auto shard = talk.house.people->quota_of(who->tenant_id);
  // A hold that comes when this request has gone is given back.
  auto give_back = [shard](const reservation& late) {
    if (late.hold != 0) tell(shard, release_atom::value, late.hold);
  };
  auto reserved =
      co_await ask_or_undo(default_patience, give_back, shard, reserve_atom::value, std::move(who), wanted, talk.now());
  if (!reserved) co_return tl::unexpected(std::move(reserved.error()));
  if (reserved->refused) {
    const auto& balance = reserved->refused->balance;
    talk.house.counts.count_refusal(balance.scope, balance.kind);
    co_return tl::unexpected(refusal(*reserved->refused, talk.now()));
  }
  announce(talk, reserved->requests);
  announce(talk, reserved->tokens);
  co_return held_quota(shard, reserved->hold);
}

} // namespace gateway

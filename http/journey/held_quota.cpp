#include "http/journey/held_quota.hpp"

#include "domain/time.hpp"
#include "http/journey/refusals.hpp"
#include "runtime/ask.hpp"
#include "runtime/coarse_clock.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace gateway {
namespace {

/// The headers that say how a limit stands.
struct header_names {
  std::string_view limit;
  std::string_view remaining;
  std::string_view reset;
};

constexpr header_names of_requests{"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests",
                                   "x-ratelimit-reset-requests"};
constexpr header_names of_tokens{"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens",
                                 "x-ratelimit-reset-tokens"};

void announce(exchange& talk, const header_names& names, const std::optional<limit_balance>& tightest) {
  if (!tightest) return;
  const fmt::format_int limit(tightest->limit);
  const fmt::format_int remaining(tightest->remaining());
  talk.reply.add_header(names.limit, {limit.data(), limit.size()});
  talk.reply.add_header(names.remaining, {remaining.data(), remaining.size()});
  talk.reply.add_header(names.reset, to_reset_text(tightest->resets_at - talk.now()));
}

failure refused(service& house, const quota_refusal& why, timestamp now) {
  house.counts.count_refusal(why.balance.scope, why.balance.kind);
  return refusal_of(why, now);
}

/// Of a refusal the limit that refused is the tightest, where it has a header: all is there again at one moment.
void announce(exchange& talk, const reservation& answer) {
  auto requests = answer.requests;
  auto tokens = answer.tokens;
  if (answer.refused && answer.refused->balance.kind != limit_kind::concurrent_requests) {
    const auto unit = unit_of(answer.refused->balance.kind);
    if (unit == "requests") requests = answer.refused->balance;
    if (unit == "tokens") tokens = answer.refused->balance;
  }
  announce(talk, of_requests, requests);
  announce(talk, of_tokens, tokens);
}

/// For a hold that comes when its request has gone.
struct give_back {
  void operator()(const caf::strong_actor_ptr& shard, const reservation& late) const {
    if (late.hold != 0) tell(caf::actor_cast<quota_actor>(shard), release_atom::value, late.hold);
  }
};

} // namespace

void held_quota::settle() {
  const auto id = std::exchange(id_, 0);
  if (id == 0) return;
  talk_.record.counted = spent_;
  if (spent_)
    tell(shard_, settle_atom::value, id, used_, coarse_wall_now());
  else
    tell(shard_, release_atom::value, id);
}

task<result<void>> held_quota::extend(quota_amount more) {
  const auto now = wall_clock_now();
  const auto answer = co_await ask(shard_, extend_atom::value, id_, more, now);
  if (!answer) co_return tl::unexpected(answer.error());
  if (answer->refused) co_return tl::unexpected(refused(talk_.house, *answer->refused, now));
  held_.tokens += more.tokens;
  held_.cost += more.cost;
  co_return result<void>{};
}

task<result<held_quota>> admit(exchange& talk, principal_ptr who, quota_amount wanted) {
  const auto& shard = talk.house.people->quota_of(who->tenant_id);
  question<reservation, give_back> asked(shard, reserve_atom::value, std::move(who), wanted, talk.now());
  if (!asked.answered()) co_await asked.wait();
  const auto reserved = asked.take();
  if (!reserved) co_return tl::unexpected(reserved.error());
  announce(talk, *reserved);
  if (reserved->refused) co_return tl::unexpected(refused(talk.house, *reserved->refused, talk.now()));
  co_return held_quota(caf::actor_cast<quota_actor>(asked.target()), reserved->hold, wanted, talk);
}

} // namespace gateway

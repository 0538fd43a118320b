#include "http/journey/refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace gateway {
namespace {

// OpenAI's SDKs take no notice of a Retry-After over a minute, and ask again after a second or two. A minute counts
// whole seconds, so the one that is still going on may add a 61st.
constexpr std::chrono::seconds longest_obeyed{60};

bool is_money(limit_kind kind) { return kind == limit_kind::budget_per_day || kind == limit_kind::budget_per_month; }

bool passes_soon(limit_kind kind) {
  return kind == limit_kind::requests_per_minute || kind == limit_kind::tokens_per_minute ||
         kind == limit_kind::concurrent_requests;
}

std::string_view counted_of(limit_kind kind) {
  switch (kind) {
    case limit_kind::daily_requests: return "requests a day";
    case limit_kind::daily_tokens: return "tokens a day";
    case limit_kind::budget_per_day: return "dollars a day";
    case limit_kind::budget_per_month: return "dollars a month";
    case limit_kind::requests_per_minute: return "requests a minute";
    case limit_kind::tokens_per_minute: return "tokens a minute";
    case limit_kind::concurrent_requests: return "concurrent requests";
  }
  return "requests";
}

// Dollars with at least their cents: `12.50`, `0.000125`.
std::string amount_text(limit_kind kind, std::uint64_t amount) {
  if (!is_money(kind)) return std::to_string(amount);
  auto text = fmt::format("{}.{:06}", amount / 1'000'000, amount % 1'000'000);
  const auto cents = text.size() - 4;
  text.erase(std::max(text.find_last_not_of('0') + 1, cents));
  return text;
}

std::string advice_for(const quota_refusal& refused, std::chrono::seconds wait) {
  const auto kind = refused.balance.kind;
  if (refused.never_fits())
    return unit_of(kind) == "requests" ? "the operator can raise it" : "ask for a shorter answer (max_tokens)";
  if (kind == limit_kind::concurrent_requests) return "send it again when another one has ended";
  if (passes_soon(kind)) return fmt::format("send it again in {} s", wait.count());
  if (unit_of(kind) == "requests") return "wait until then; the operator can raise it";
  return "ask for less, or wait until then; the operator can raise it";
}

} // namespace

std::string_view unit_of(limit_kind kind) {
  if (is_money(kind)) return "dollars";
  return kind == limit_kind::daily_tokens || kind == limit_kind::tokens_per_minute ? "tokens" : "requests";
}

failure refusal_of(const quota_refusal& refused, timestamp now) {
  const auto& balance = refused.balance;
  const auto kind = balance.kind;
  const auto again_at = passes_soon(kind) ? refused.retry_at : balance.resets_at;
  auto wait = std::max(std::chrono::ceil<std::chrono::seconds>(again_at - now), std::chrono::seconds(1));
  if (passes_soon(kind)) wait = std::min(wait, longest_obeyed);
  const auto quota = amount_text(kind, balance.limit);
  const auto asked = amount_text(kind, refused.asked);
  const auto remaining = amount_text(kind, balance.remaining());
  const auto resets_at = to_rfc3339(balance.resets_at);
  failure why;
  why.code = passes_soon(kind) ? ec::rate_limited : ec::quota_exceeded;
  why.message = fmt::format("the {}'s limit of {} {} does not cover this request: it asks for {}, and {} are left",
                            to_string(balance.scope), quota, counted_of(kind), asked, remaining);
  if (!passes_soon(kind)) why.message += " until " + resets_at;
  why.message += "; " + advice_for(refused, wait);
  why.hopeless = refused.never_fits();
  // A day ends, and then the operator may have raised the limit; that of a minute says nothing of when.
  if (!why.hopeless || !passes_soon(kind)) why.retry_after = wait;
  why.details = {{"limit", std::string(to_string(kind))},
                 {"scope", std::string(to_string(balance.scope))},
                 {"quota", quota},
                 {"asked", asked},
                 {"remaining", remaining},
                 {"resets_at", resets_at}};
  return why;
}

} // namespace gateway

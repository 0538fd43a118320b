#include "domain/quota/lease.hpp"

namespace gateway {

std::string_view to_string(limit_kind kind) {
  switch (kind) {
    case limit_kind::daily_requests: return "daily_requests";
    case limit_kind::daily_tokens: return "daily_tokens";
    case limit_kind::budget_per_day: return "budget_usd_per_day";
    case limit_kind::budget_per_month: return "budget_usd_per_month";
    case limit_kind::requests_per_minute: return "requests_per_minute";
    case limit_kind::tokens_per_minute: return "tokens_per_minute";
    case limit_kind::concurrent_requests: return "concurrent_requests";
  }
  return "unknown_limit";
}

std::string_view to_string(limit_scope scope) { return scope == limit_scope::key ? "key" : "tenant"; }

} // namespace gateway

#include "domain/quota/lease.hpp"

namespace gateway {

std::string_view to_string(limit_kind kind) {
  switch (kind) {
    case limit_kind::daily_requests: return "daily_requests";
    case limit_kind::daily_tokens: return "daily_tokens";
  }
  return "unknown_limit";
}

} // namespace gateway

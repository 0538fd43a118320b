#include "domain/retry/remedy.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {
namespace {

remedy after_status(int status) {
  constexpr std::array passing{0, 408, 500, 502, 503, 504, 529};
  if (status == 401 || status == 403) return remedy::other_credential;
  return std::ranges::find(passing, status) != passing.end() ? remedy::again : remedy::elsewhere;
}

bool is_over(const failure& timeout) {
  const std::pair<std::string, std::string> total{"phase", "total"};
  return std::ranges::find(timeout.details, total) != timeout.details.end();
}

} // namespace

remedy remedy_for(const failure& why) {
  switch (why.code) {
    case ec::upstream_unavailable: return after_status(why.upstream_status);
    case ec::upstream_rate_limited: return remedy::other_credential;
    case ec::upstream_timeout: return is_over(why) ? remedy::none : remedy::elsewhere;
    case ec::upstream_rejected: return why.context_length ? remedy::larger_context : remedy::none;
    case ec::overloaded: return why.unsent ? remedy::other_target : remedy::none;
    default: return remedy::none;
  }
}

} // namespace gateway

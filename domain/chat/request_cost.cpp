#include "domain/chat/request_cost.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gateway {

namespace {

using permission = std::function<bool(std::string_view model)>;

// The entry asked for, and those that it may lead to.
std::vector<const route*> may_answer(const route_table& routes, const matched_route& asked_for,
                                     const permission& may_use) {
  std::vector<const route*> found{asked_for.entry};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const auto* names : {&found[i]->fallbacks, &found[i]->context_window_fallbacks}) {
      for (const auto& name : *names) {
        const auto other = routes.find(name);
        if (!other || !(may_use(name) || may_use(other->model))) continue;
        if (std::find(found.begin(), found.end(), other->entry) == found.end()) found.push_back(other->entry);
      }
    }
  }
  return found;
}

} // namespace

quota_amount most_used(const request_scan& request, const route_table& routes, const matched_route& asked_for,
                       const permission& may_use) {
  const auto entries = may_answer(routes, asked_for, may_use);
  std::uint64_t longest = 0;
  for (const auto* each : entries) longest = std::max(longest, each->max_output_tokens);
  quota_amount most{.tokens = tokens_to_hold(request, longest)};
  const token_usage usage{.prompt_tokens = request.prompt_tokens,
                          .completion_tokens = most.tokens - request.prompt_tokens};
  for (const auto* each : entries) {
    if (!each->cost) continue;
    auto dearest = *each->cost;
    dearest.input = std::max(dearest.input, dearest.cached_input);
    most.cost = std::max(most.cost, cost_of(dearest, usage));
  }
  return most;
}

} // namespace gateway

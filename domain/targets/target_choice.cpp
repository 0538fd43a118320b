#include "domain/targets/target_choice.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace gateway {
namespace {

/// What makes one target worse than another: its trouble first, then what the strategy looks at.
using badness = std::pair<bool, double>;

badness badness_of(const target& candidate, strategy how, const target_health& health, timestamp now) {
  auto troubled = health.is_troubled(now);
  switch (how) {
    case strategy::priority: return {troubled, candidate.priority};
    case strategy::least_latency: return {troubled, health.expected_latency(now)};
    case strategy::least_busy: return {troubled, static_cast<double>(health.in_flight())};
    case strategy::weighted: break;
  }
  return {troubled, 0};
}

} // namespace

const target* choose_target(const route& way, const std::vector<std::string>& excluded_upstreams,
                            const health_by_upstream& health, timestamp now, std::mt19937_64& random) {
  const target_health unknown;
  const target* best = nullptr;
  badness least{};
  std::uint64_t weight_of_equals = 0;
  for (const auto& candidate : way.targets) {
    if (std::ranges::find(excluded_upstreams, candidate.upstream) != excluded_upstreams.end()) continue;
    auto known = health.find(candidate.upstream);
    auto bad = badness_of(candidate, way.how, known == health.end() ? unknown : known->second, now);
    if (!best || bad < least) {
      best = &candidate;
      least = bad;
      weight_of_equals = candidate.weight;
    } else if (bad == least && candidate.weight > 0) {
      // Each equal replaces those before it with the chance weight/sum so far; in the end each was taken with
      // weight/sum.
      weight_of_equals += candidate.weight;
      std::uniform_int_distribution<std::uint64_t> draw(1, weight_of_equals);
      if (draw(random) <= candidate.weight) best = &candidate;
    }
  }
  return best;
}

} // namespace gateway

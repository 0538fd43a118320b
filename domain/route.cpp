#include "domain/route.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {

namespace {

constexpr std::array<std::pair<strategy, std::string_view>, 4> names{{
    {strategy::weighted, "weighted"},
    {strategy::priority, "priority"},
    {strategy::least_latency, "least_latency"},
    {strategy::least_busy, "least_busy"},
}};

bool is_pattern(std::string_view name) { return name.find('*') != std::string_view::npos; }

// What the pattern's `*` stands for in `name`, or nothing when it does not match.
std::optional<std::string_view> match(std::string_view pattern, std::string_view name) {
  const auto at = pattern.find('*');
  const auto head = pattern.substr(0, at);
  const auto tail = pattern.substr(at + 1);
  if (name.size() < head.size() + tail.size()) return std::nullopt;
  if (!name.starts_with(head) || !name.ends_with(tail)) return std::nullopt;
  return name.substr(head.size(), name.size() - head.size() - tail.size());
}

} // namespace

std::string_view to_string(strategy how) {
  for (const auto& [value, name] : names) {
    if (value == how) return name;
  }
  return "weighted";
}

std::optional<strategy> strategy_from(std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

micro_dollars cost_of(const route& way, const token_usage& usage) { return way.cost ? cost_of(*way.cost, usage) : 0; }

route_table::route_table(route_map routes) : routes_(std::move(routes)) {
  for (const auto& [name, entry] : routes_) {
    if (is_pattern(name)) patterns_.push_back(name);
    for (const auto& alias : entry.aliases) aliases_.emplace(alias, name);
  }
  std::ranges::stable_sort(patterns_, std::ranges::greater{}, &std::string::size);
}

std::optional<matched_route> route_table::find(std::string_view model) const {
  // A caller who asks for a pattern by its own text has not asked for an exact name.
  if (!is_pattern(model)) {
    const auto exact = routes_.find(model);
    if (exact != routes_.end()) return matched_route{exact->first, &exact->second, model, {}};
    if (const auto alias = aliases_.find(model); alias != aliases_.end())
      return matched_route{alias->second, &routes_.at(alias->second), alias->second, {}};
  }
  for (const auto& pattern : patterns_) {
    if (const auto star = match(pattern, model)) return matched_route{pattern, &routes_.at(pattern), model, *star};
  }
  return std::nullopt;
}

std::string upstream_model(const target& to, std::string_view asked_for, std::string_view star) {
  if (to.model.empty()) return std::string(asked_for);
  const auto at = to.model.find('*');
  if (at == std::string::npos) return to.model;
  return std::string(to.model).replace(at, 1, star);
}

} // namespace gateway

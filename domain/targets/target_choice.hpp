#pragma once

#include "domain/route.hpp"
#include "domain/targets/target_health.hpp"
#include "domain/time.hpp"

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Every upstream's health, by its name.
using health_by_upstream = std::map<std::string, target_health, std::less<>>;

/// One of a route's targets, as the route's strategy says; null when all of them are excluded.
/// A target in trouble is taken only when no other is left. Among equals chance decides, in proportion to their
/// weights.
const target* choose_target(const route& way, const std::vector<std::string>& excluded_upstreams,
                            const health_by_upstream& health, timestamp now, std::mt19937_64& random);

} // namespace gateway

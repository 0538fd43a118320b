#pragma once

#include "domain/route.hpp"
#include "domain/targets/target_health.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <random>
#include <span>

namespace gateway {

/// A target that a call could go to now.
struct candidate {
  const target* to;
  const target_health* health;
};

/// The index of one of the candidates, of which there is at least one, as the strategy says. `weighted`: by chance, in
/// proportion to the weights. `priority`: the lowest. `least_busy`: the fewest calls in flight. `least_latency`: of two
/// drawn at random, the one with the lower product of expected latency and calls in flight, this one included (M.
/// Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing"). Among equals chance decides, by weight.
std::size_t choose_target(strategy how, std::span<const candidate> among, timestamp now, std::mt19937_64& random);

} // namespace gateway

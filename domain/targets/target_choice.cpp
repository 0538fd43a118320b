#include "domain/targets/target_choice.hpp"

#include <cstdint>
#include <limits>

namespace gateway {
namespace {

std::size_t draw(std::size_t below, std::mt19937_64& random) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
}

// By weight, over those for which `fits` holds; each replaces those before it with the chance weight/sum so far, so
// that in the end each was taken with weight/sum.
template <class Fits>
std::size_t by_weight(std::span<const candidate> among, std::mt19937_64& random, Fits fits) {
  std::size_t chosen = among.size();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < among.size(); ++i) {
    if (!fits(among[i])) continue;
    const std::uint64_t weight = among[i].to->weight;
    sum += weight;
    if (chosen == among.size() ||
        (weight > 0 && std::uniform_int_distribution<std::uint64_t>(1, sum)(random) <= weight))
      chosen = i;
  }
  return chosen;
}

template <class Badness>
std::size_t least(std::span<const candidate> among, std::mt19937_64& random, Badness badness) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const auto& each : among) lowest = std::min(lowest, badness(each));
  return by_weight(among, random, [&](const candidate& each) { return badness(each) <= lowest; });
}

std::size_t quicker_of_two(std::span<const candidate> among, timestamp now, std::mt19937_64& random) {
  const auto first = draw(among.size(), random);
  const auto second = (first + 1 + draw(among.size() - 1, random)) % among.size();
  const auto load = [now](const candidate& each) {
    return each.health->expected_latency(now) * static_cast<double>(each.health->in_flight() + 1);
  };
  return load(among[second]) < load(among[first]) ? second : first;
}

} // namespace

std::size_t choose_target(strategy how, std::span<const candidate> among, timestamp now, std::mt19937_64& random) {
  if (among.size() == 1) return 0;
  switch (how) {
    case strategy::priority:
      return least(among, random, [](const candidate& each) { return static_cast<double>(each.to->priority); });
    case strategy::least_busy:
      return least(among, random, [](const candidate& each) { return static_cast<double>(each.health->in_flight()); });
    case strategy::least_latency: return quicker_of_two(among, now, random);
    case strategy::weighted: break;
  }
  return by_weight(among, random, [](const candidate&) { return true; });
}

} // namespace gateway

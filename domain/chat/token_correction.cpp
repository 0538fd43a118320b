#include "domain/chat/token_correction.hpp"

#include <algorithm>
#include <cmath>

namespace gateway {

namespace {

constexpr std::uint64_t shortest_lesson = 32;
constexpr double least = 0.5;
constexpr double greatest = 2.0;
constexpr double weight_of_the_newest = 1.0 / 16;

} // namespace

void token_correction::learn(const route& way, std::uint64_t estimated, std::uint64_t real) {
  if (estimated < shortest_lesson) return;
  const auto ratio = std::clamp(static_cast<double>(real) / static_cast<double>(estimated), least, greatest);
  auto& factor = factors_.try_emplace(&way, 1.0).first->second;
  factor += (ratio - factor) * weight_of_the_newest;
}

std::uint64_t token_correction::correct(const route& way, std::uint64_t estimated) const {
  const auto known = factors_.find(&way);
  if (known == factors_.end()) return estimated;
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(estimated) * known->second));
}

} // namespace gateway

#include "domain/money.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gateway {

namespace {

constexpr double per_dollar = 1e6;
constexpr micro_dollars most = std::numeric_limits<micro_dollars>::max();

} // namespace

micro_dollars to_micro_dollars(double dollars) {
  const auto exact = dollars * per_dollar;
  if (!(exact > 0)) return 0;
  if (exact >= static_cast<double>(most)) return most;
  return static_cast<micro_dollars>(std::llround(std::min(exact, 9e18)));
}

double to_dollars(micro_dollars money) { return static_cast<double>(money) / per_dollar; }

micro_dollars cost_of(const price& per_million, const token_usage& usage) {
  __extension__ using wide = unsigned __int128;
  constexpr wide million = 1'000'000;
  const auto times = [](std::uint64_t tokens, micro_dollars each) { return static_cast<wide>(tokens) * each; };
  const auto cached = std::min(usage.cached_tokens, usage.prompt_tokens);
  const auto exact = times(usage.prompt_tokens - cached, per_million.input) + times(cached, per_million.cached_input) +
                     times(usage.completion_tokens, per_million.output);
  return static_cast<micro_dollars>(std::min<wide>((exact + million / 2) / million, most));
}

} // namespace gateway

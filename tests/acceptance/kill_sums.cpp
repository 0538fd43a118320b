#include "tests/acceptance/kill_sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace gateway {

std::string kill_sums::table(const std::string& durability) const {
  const std::vector<std::pair<std::string, std::string>> columns{
      {"kill -9", durability},
      {"rounds", std::to_string(rounds)},
      {"requests", std::to_string(requests)},
      {"answered", std::to_string(whole)},
      {"cut", std::to_string(cut)},
      {"records", std::to_string(records)},
      {"interrupted", std::to_string(interrupted)},
      {"of them answered", std::to_string(whole_interrupted)},
      {"unrecorded", std::to_string(unrecorded)},
      {"lost", std::to_string(lost)},
      {"forfeited before the start (of one key)",
       fmt::format("{} requests ({}), {} tokens, ${:.2f}", forfeited.requests, most_of_one_limit, forfeited.tokens,
                   static_cast<double>(forfeited.cost) / 1e6)},
      {"after it", std::to_string(forfeited_after)},
      {"overspent", std::to_string(overspent)},
  };
  std::string names;
  std::string values;
  for (const auto& [name, value] : columns) {
    const auto width = std::max(name.size(), value.size());
    names += fmt::format("| {:<{}} ", name, width);
    values += fmt::format("| {:<{}} ", value, width);
  }
  return names + "|\n" + values + "|\n";
}

} // namespace gateway

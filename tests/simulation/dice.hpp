#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace gateway::simulation {

/// What chance decides in a schedule. The same seed decides the same, on every machine.
class dice {
 public:
  explicit dice(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  bool one_in(std::uint64_t n) { return n > 0 && below(n) == 0; }
  template <class Container>
  auto& any_of(Container& all) {
    return all[static_cast<std::size_t>(below(all.size()))];
  }

 private:
  std::mt19937_64 random_;
};

} // namespace gateway::simulation

#pragma once

#include "domain/route.hpp"

#include <cstdint>
#include <unordered_map>

namespace gateway {

/// How far the estimates of prompts are off for each route, learned from what providers count. Between half and twice.
class token_correction {
 public:
  /// The provider counted `real` tokens for a prompt estimated at `estimated`. Short prompts teach nothing: in them the
  /// provider's own frame is what counts.
  void learn(const route& way, std::uint64_t estimated, std::uint64_t real);
  /// The estimate as it should have been.
  std::uint64_t correct(const route& way, std::uint64_t estimated) const;

 private:
  std::unordered_map<const route*, double> factors_; ///< Moving averages of real / estimated.
};

} // namespace gateway

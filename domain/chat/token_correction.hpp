#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gateway {

/// How far the estimates of prompts are off for each route, learned from what providers count. Between half and twice.
class token_correction {
 public:
  /// Remembers that many routes at most; nothing is learned of further ones.
  explicit token_correction(std::size_t most) : most_(most) {}

  /// The provider counted `real` tokens for a prompt estimated at `estimated`. Short prompts teach nothing: in them the
  /// provider's own frame is what counts.
  void learn(std::string_view route, std::uint64_t estimated, std::uint64_t real);
  /// The estimate as it should have been.
  std::uint64_t correct(std::string_view route, std::uint64_t estimated) const;

 private:
  std::size_t most_;
  std::map<std::string, double, std::less<>> factors_; ///< Moving averages of real / estimated.
};

} // namespace gateway

#pragma once

#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gateway {

/// Which of an upstream's keys can be used, by their place in the config. An upstream without keys has one that is
/// none.
class credentials {
 public:
  /// A key that was refused is left alone so long, while there are others.
  static constexpr std::chrono::minutes set_aside_for{5};

  explicit credentials(std::size_t count) : all_(count == 0 ? 1 : count) {}

  /// The next one in turn that is neither excluded nor resting. One that was set aside is taken only when nothing else
  /// is left, since a key may be refused for one model alone.
  std::optional<std::uint32_t> choose(std::span<const std::uint32_t> excluded, timestamp now) const;
  /// It goes to the end of the line.
  void use(std::uint32_t which);

  /// The provider asked for a pause.
  void rest(std::uint32_t which, timestamp until);
  /// The provider did not take it (401, 403). Whether that is news.
  bool set_aside(std::uint32_t which, timestamp now);
  /// The provider took it.
  void accept(std::uint32_t which);

  /// When the first of those that rest may be used again; nothing when one does not rest.
  std::optional<timestamp> rests_until(timestamp now) const;

  struct state {
    timestamp rests_until{};
    timestamp aside_until{};
    std::uint64_t used_at = 0; ///< On a clock that counts uses.
  };
  const std::vector<state>& all() const { return all_; }

 private:
  std::vector<state> all_;
  std::uint64_t uses_ = 0;
};

} // namespace gateway

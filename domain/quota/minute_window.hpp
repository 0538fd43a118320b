#pragma once

#include "domain/quota/quota_moment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gateway {

/// What was taken of one limit in the last minute: a window that slides by seconds. It spans the present second and the
/// sixty before it, so that no minute, wherever it begins, sees more taken than this.
class minute_window {
 public:
  /// How many seconds after its own a taken amount is counted no more.
  static constexpr steady_second span = 61;

  /// Seconds that are over are forgotten. `now` never goes back.
  void slide(steady_second now);
  std::uint64_t taken() const { return taken_; }
  bool fits(std::uint64_t need, std::uint64_t limit) const { return taken_ <= limit && need <= limit - taken_; }

  /// Takes so much in the second that `slide` was last told.
  void take(std::uint64_t amount);
  /// Gives back what was taken in that second, as far as it is still counted.
  void give_back(std::uint64_t amount, steady_second taken_in);

  /// The second from which on `need` fits if nobody takes more meanwhile; when it never does, that of `empty_at`.
  steady_second fits_at(std::uint64_t need, std::uint64_t limit) const;
  /// The second in which nothing is counted any more.
  steady_second empty_at() const;

 private:
  static std::size_t index_of(steady_second second);

  std::array<std::uint64_t, static_cast<std::size_t>(span)> amounts_{};
  std::uint64_t taken_ = 0;
  steady_second now_ = 0;
};

/// Those of an account.
struct minute_windows {
  minute_window requests;
  minute_window tokens;

  void slide(steady_second now) {
    requests.slide(now);
    tokens.slide(now);
  }
  bool is_empty() const { return requests.taken() == 0 && tokens.taken() == 0; }
};

} // namespace gateway

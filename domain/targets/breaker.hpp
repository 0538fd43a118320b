#pragma once

#include "domain/targets/breaker_settings.hpp"
#include "domain/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace gateway {

/// Whether calls go to a target.
enum class breaker_state : std::uint8_t {
  closed,    ///< All of them.
  open,      ///< None.
  half_open, ///< One, to see whether it is back.
};

std::string_view to_string(breaker_state state);

/// How a call went, as far as its target is concerned.
enum class verdict : std::uint8_t {
  answered,  ///< It did its part; also when it refused a request for the caller's own fault.
  declined,  ///< It lives, and served nobody: a rate limit, a credential that it does not take.
  failed,    ///< It could not be reached, broke, or was too slow.
  abandoned, ///< The caller left first, or no connection was free: that says nothing.
};

/// A circuit breaker (M. Nygard, "Release It!"): opens on failures in a row, or on a share of failures within a sliding
/// window; after a while lets one call probe, whose verdict closes it or opens it again.
class breaker {
 public:
  explicit breaker(const breaker_settings& settings = {}) : settings_(settings) {}

  breaker_state state(timestamp now) const;
  /// Whether a call may go now.
  bool admits(timestamp now) const;
  /// How long until one may; 0 when `admits`, or once the probe under way has ended.
  std::chrono::milliseconds opens_in(timestamp now) const;

  /// A call goes; whether it is the probe, which `finish` must be told.
  bool start(timestamp now);
  void finish(verdict how, bool was_probe, timestamp now);

 private:
  static constexpr std::size_t slices = 10;
  struct slice {
    std::int64_t number = -1; ///< Which tenth of a window since 1970.
    std::uint32_t calls = 0;
    std::uint32_t failures = 0;
  };

  std::int64_t slice_at(timestamp now) const;
  void count(bool failed, timestamp now);
  bool trips(timestamp now) const;
  void close();

  breaker_settings settings_;
  bool open_ = false;
  bool probing_ = false;
  timestamp opened_at_{};
  std::uint32_t in_a_row_ = 0;
  std::array<slice, slices> window_{};
};

} // namespace gateway

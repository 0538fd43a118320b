#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Whether more than one tenant has come lately: while one is alone nothing need be kept for others.
class tenant_mix {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds memory{60};

  void saw(std::string_view tenant, time_point now) {
    if (tenant == last_) return;
    if (!last_.empty()) changed_ = now;
    last_ = tenant;
  }
  /// Another tenant came within a minute of the last one that came.
  bool several(time_point now) const { return changed_ && now - *changed_ < memory; }

 private:
  std::string last_;
  std::optional<time_point> changed_;
};

} // namespace gateway

#pragma once

#include "storage/audit_store.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace gateway {

/// When AUDIT trims its log: soon after the start and then every hour, in steps between which commits get their turn.
class audit_upkeep {
 public:
  static constexpr std::chrono::seconds after_start{10};
  static constexpr std::chrono::milliseconds between_steps{20};
  static constexpr std::chrono::hours between_rounds{1};

  /// `clock` says what time it is.
  audit_upkeep(std::shared_ptr<audit_store> log, audit_retention keep, std::function<timestamp()> clock);

  /// Whether anything is ever to go.
  bool is_due() const { return keep_.days != 0 || keep_.max_bytes != 0; }
  /// One step, and how long until the next. A step that fails is tried again in the next round.
  std::chrono::milliseconds trim();

 private:
  std::shared_ptr<audit_store> log_;
  audit_retention keep_;
  std::function<timestamp()> clock_;
};

} // namespace gateway

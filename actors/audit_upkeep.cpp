#include "actors/audit_upkeep.hpp"

#include <utility>

namespace gateway {

audit_upkeep::audit_upkeep(std::shared_ptr<audit_store> log, audit_retention keep, std::function<timestamp()> clock)
    : log_(std::move(log)), keep_(keep), clock_(std::move(clock)) {}

std::chrono::milliseconds audit_upkeep::trim() {
  const auto is_more = log_->trim(keep_, clock_());
  return is_more && *is_more ? between_steps : between_rounds;
}

} // namespace gateway

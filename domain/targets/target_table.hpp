#pragma once

#include "domain/error.hpp"
#include "domain/retry/retry_budget.hpp"
#include "domain/retry/retry_settings.hpp"
#include "domain/route.hpp"
#include "domain/targets/credentials.hpp"
#include "domain/targets/pick.hpp"
#include "domain/targets/target_choice.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway {

/// What the targets of an upstream have in common.
struct upstream_traits {
  std::size_t keys = 0;
  breaker_settings breaker;
};

/// All that a picker must be told.
struct target_settings {
  std::shared_ptr<const route_table> routes;
  std::map<std::string, upstream_traits> upstreams; ///< By name; one that is missing has the defaults.
  retry_settings retry;                             ///< Its `budget_min_per_second` is that of the process.
  std::size_t pickers = 1;                          ///< How many share it.
  std::uint64_t seed = 0;
  /// Called with `breaker_opened`, `breaker_closed` or `credential_set_aside`, the target and the reason.
  std::function<void(std::string_view event, const target_status& where, const std::string& reason)> on_event;
};

/// Every target of the routes, how it does, and which one a request goes to. A target is an upstream and the model that
/// the config asks it for; routes may share one.
class target_table {
 public:
  explicit target_table(target_settings settings);

  /// A target that is not excluded, whose breaker lets a call through and that has a usable key. Else why there is
  /// none: `not_found`; `rate_limited` when the retry budget is spent; `upstream_rate_limited` when all that are left
  /// rest, with the time; `upstream_unavailable` when they were all tried, or their breakers are open.
  result<picked_target> pick(const pick_request& wanted, timestamp now);
  /// How a call to a picked target ended. A number that no target has is ignored.
  void report(const call_report& how, timestamp now);
  target_statuses statuses(timestamp now) const;

 private:
  struct tracked {
    std::string upstream;
    std::string model;
    target_health health;
    credentials* keys;
  };

  std::uint32_t track(const target& to);
  target_status status_of(std::uint32_t number, timestamp now) const;
  void tell(std::string_view event, std::uint32_t number, const std::string& reason, timestamp now) const;

  target_settings settings_;
  std::map<std::string, credentials> keys_; ///< By upstream.
  std::vector<tracked> targets_;
  std::unordered_map<const target*, std::uint32_t> numbers_;
  retry_budget budget_;
  std::mt19937_64 random_;
};

} // namespace gateway

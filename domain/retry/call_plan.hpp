#pragma once

#include "domain/error.hpp"
#include "domain/retry/retry_settings.hpp"
#include "domain/route.hpp"
#include "domain/targets/pick.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What a request does after something of it failed: waits so long, and asks for a target again; or ends.
struct next_step {
  bool goes_on = false;
  std::chrono::milliseconds wait{};
};

/// The way of one request from target to target: another target first, then the same one after a wait, then the other
/// models that may stand in. It decides, and does nothing.
class call_plan {
 public:
  /// Whether the request may be answered by this model, which is not the one that was asked for.
  using permission = std::function<bool(std::string_view model)>;

  /// `asked_for` is what the routes have for `model`.
  call_plan(const route_table& routes, const retry_settings& settings, const std::string& model,
            const matched_route& asked_for, permission may_use, std::mt19937_64& random);

  /// What to ask CHAT UPSTREAM for.
  pick_request wish() const;
  /// There was a target: a call is made.
  void picked() { any_call_ = true; }
  /// There was none. `left` is how long the request may still take.
  next_step no_target(failure why, std::chrono::milliseconds left);
  /// The call failed before the caller saw anything of its answer.
  next_step failed(const picked_target& where, failure why, std::chrono::milliseconds left);

  /// Of the last call; if there was none, why there was no target.
  const failure& last_failure() const { return last_; }

 private:
  next_step wait_and_repeat(std::chrono::milliseconds named, std::chrono::milliseconds left);
  next_step next_model(std::vector<std::string>& from);
  void enter(const std::string& model, const matched_route& found);

  const route_table& routes_;
  const retry_settings& settings_;
  permission may_use_;
  std::mt19937_64& random_;
  std::string model_;
  std::vector<std::string_view> entered_; ///< Models that were asked, by the name of their entry.
  std::vector<std::string> fallbacks_;
  std::vector<std::string> larger_; ///< Fallbacks for prompts that are too long.
  std::vector<tried_call> never_;   ///< Not in this request again.
  std::vector<tried_call> tried_;   ///< Not before the others, or a wait.
  std::uint32_t failures_ = 0;      ///< Of calls to this model.
  std::uint32_t retries_left_ = 0;
  std::chrono::milliseconds named_wait_{}; ///< What the provider asked for last.
  bool repeats_ = false;
  bool any_call_ = false;
  failure last_;
};

} // namespace gateway

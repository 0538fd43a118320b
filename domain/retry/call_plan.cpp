#include "domain/retry/call_plan.hpp"

#include "domain/retry/backoff.hpp"
#include "domain/retry/remedy.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

call_plan::call_plan(const route_table& routes, const retry_settings& settings, const std::string& model,
                     const matched_route& asked_for, permission may_use, std::mt19937_64& random)
    : routes_(routes), settings_(settings), may_use_(std::move(may_use)), random_(random) {
  enter(model, asked_for);
}

void call_plan::enter(const std::string& model, const matched_route& found) {
  model_ = model;
  failures_ = 0;
  repeats_ = false;
  named_wait_ = {};
  tried_.clear();
  entered_.push_back(found.pattern);
  retries_left_ = found.entry->retries;
  const auto& more = found.entry->fallbacks;
  fallbacks_.insert(fallbacks_.end(), more.begin(), more.end());
  // What this model says of its own size is nearer than what an earlier one said.
  const auto& larger = found.entry->context_window_fallbacks;
  larger_.insert(larger_.begin(), larger.begin(), larger.end());
}

pick_request call_plan::wish() const {
  pick_request wanted{model_, never_, repeats_};
  wanted.excluded.insert(wanted.excluded.end(), tried_.begin(), tried_.end());
  return wanted;
}

next_step call_plan::failed(const picked_target& where, failure why, std::chrono::milliseconds left) {
  last_ = std::move(why);
  const auto helps = remedy_for(last_);
  if (helps == remedy::none) return {};
  if (helps == remedy::larger_context) return next_model(larger_);
  if (left.count() <= 0) return {};
  if (helps == remedy::other_target) {
    // Neither a failure of the target nor a call that is repeated: there was none.
    never_.push_back({where.target, std::nullopt});
    return {true, {}};
  }
  if (helps == remedy::elsewhere) never_.push_back({where.target, std::nullopt});
  if (helps == remedy::again) tried_.push_back({where.target, std::nullopt});
  // A key that was refused stays refused; one that has to rest may serve again.
  if (helps == remedy::other_credential) {
    auto& list = last_.code == ec::upstream_rate_limited ? tried_ : never_;
    list.push_back({where.target, where.credential});
  }
  named_wait_ = last_.retry_after;
  ++failures_;
  if (retries_left_ == 0) return next_model(fallbacks_);
  --retries_left_;
  repeats_ = true;
  return {true, {}};
}

next_step call_plan::no_target(failure why, std::chrono::milliseconds left) {
  const auto code = why.code;
  const auto named = code == ec::upstream_rate_limited ? why.retry_after : std::chrono::milliseconds{};
  if (!any_call_) last_ = std::move(why);
  if (code == ec::upstream_rate_limited && failures_ == 0) {
    // Others of the house have found out that it is limited: as if this request had.
    if (retries_left_ == 0) return next_model(fallbacks_);
    --retries_left_;
    ++failures_;
    return wait_and_repeat(named, left);
  }
  if (code != ec::rate_limited && !tried_.empty()) return wait_and_repeat(std::max(named, named_wait_), left);
  return next_model(fallbacks_);
}

next_step call_plan::wait_and_repeat(std::chrono::milliseconds named, std::chrono::milliseconds left) {
  tried_.clear();
  const auto wait = std::max(named, backoff(settings_, failures_, random_));
  if (named > settings_.max_wait || wait >= left) return next_model(fallbacks_);
  return {true, wait};
}

next_step call_plan::next_model(std::vector<std::string>& from) {
  while (!from.empty()) {
    const auto model = std::move(from.front());
    from.erase(from.begin());
    const auto found = routes_.find(model);
    if (!found || !(may_use_(model) || may_use_(found->model))) continue;
    if (std::ranges::find(entered_, found->pattern) != entered_.end()) continue;
    enter(model, *found);
    return {true, {}};
  }
  return {};
}

} // namespace gateway

#include "domain/targets/target_table.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace gateway {
namespace {

std::string quoted(const std::string& model) {
  constexpr std::size_t longest = 128;
  return model.size() <= longest ? "'" + model + "'" : "of this name";
}

bool is_excluded(const pick_request& wanted, std::uint32_t target) {
  return std::ranges::any_of(wanted.excluded,
                             [&](const tried_call& each) { return each.target == target && !each.credential; });
}

std::vector<std::uint32_t> excluded_keys(const pick_request& wanted, std::uint32_t target) {
  std::vector<std::uint32_t> keys;
  for (const auto& each : wanted.excluded)
    if (each.target == target && each.credential) keys.push_back(*each.credential);
  return keys;
}

/// Why no target of a route can be taken.
class obstacles {
 public:
  void rests(std::chrono::milliseconds wait) { note(rest_, wait); }
  void is_open(std::chrono::milliseconds wait) { note(open_, wait); }

  failure why() const {
    failure none;
    none.code = ec::upstream_unavailable;
    none.message = "every upstream of this model was tried: try again in a moment";
    none.note = "every target was tried";
    if (rest_) {
      none.code = ec::upstream_rate_limited;
      none.message = "the upstream is rate limited";
      none.note = "every credential rests";
      none.retry_after = std::max(*rest_, std::chrono::milliseconds(1));
    } else if (open_) {
      none.message = "the upstream has failed lately, and is left alone for a moment";
      none.note = "the circuit breaker is open";
      none.retry_after = std::max(*open_, std::chrono::milliseconds(1));
    }
    return none;
  }

 private:
  static void note(std::optional<std::chrono::milliseconds>& shortest, std::chrono::milliseconds wait) {
    shortest = shortest ? std::min(*shortest, wait) : wait;
  }

  std::optional<std::chrono::milliseconds> rest_;
  std::optional<std::chrono::milliseconds> open_;
};

} // namespace

target_table::target_table(target_settings settings)
    : settings_(std::move(settings)),
      budget_(settings_.retry.budget_ratio,
              settings_.retry.budget_min_per_second / static_cast<double>(std::max<std::size_t>(settings_.pickers, 1))),
      random_(settings_.seed) {
  for (const auto& [pattern, way] : settings_.routes->routes())
    for (const auto& to : way.targets) numbers_.emplace(&to, track(to));
}

std::uint32_t target_table::track(const target& to) {
  for (std::uint32_t i = 0; i < targets_.size(); ++i)
    if (targets_[i].upstream == to.upstream && targets_[i].model == to.model) return i;
  const auto& traits = settings_.upstreams[to.upstream];
  auto& keys = keys_.try_emplace(to.upstream, traits.keys).first->second;
  targets_.push_back({to.upstream, to.model, target_health(traits.breaker), &keys});
  return static_cast<std::uint32_t>(targets_.size() - 1);
}

result<picked_target> target_table::pick(const pick_request& wanted, timestamp now) {
  const auto match = settings_.routes->find(wanted.model);
  if (!match)
    return fail(ec::not_found, "there is no model " + quoted(wanted.model) + ": GET /v1/models lists those there are",
                "model");
  const auto& way = *match->entry;
  std::vector<candidate> open;
  std::vector<std::uint32_t> keys;
  obstacles found;
  for (const auto& to : way.targets) {
    const auto number = numbers_.at(&to);
    const auto& known = targets_[number];
    if (is_excluded(wanted, number)) continue;
    if (!known.health.breaker().admits(now)) {
      found.is_open(known.health.breaker().opens_in(now));
      continue;
    }
    const auto key = known.keys->choose(excluded_keys(wanted, number), now);
    if (!key) {
      if (const auto until = known.keys->rests_until(now))
        found.rests(std::chrono::ceil<std::chrono::milliseconds>(*until - now));
      continue;
    }
    open.push_back({&to, &known.health});
    keys.push_back(*key);
  }
  if (open.empty()) return tl::unexpected(found.why());
  if (wanted.repeats && !budget_.withdraw(now))
    return fail(ec::rate_limited, "too many calls are being repeated: try again in a moment");
  if (!wanted.repeats) budget_.deposit(now);
  const auto chosen = choose_target(way.how, open, now, random_);
  const auto& to = *open[chosen].to;
  const auto number = numbers_.at(&to);
  targets_[number].keys->use(keys[chosen]);
  const bool probe = targets_[number].health.start(now);
  return picked_target{number, keys[chosen], probe, &way, to.upstream, upstream_model(to, match->model, match->star)};
}

void target_table::report(const call_report& how, timestamp now) {
  if (how.target >= targets_.size()) return;
  auto& known = targets_[how.target];
  const auto before = known.health.breaker().state(now);
  known.health.finish({how.how, how.probe, how.error, how.latency}, now);
  const auto after = known.health.breaker().state(now);
  if (before != after && after == breaker_state::open) tell("breaker_opened", how.target, how.error, now);
  if (before != after && after == breaker_state::closed) tell("breaker_closed", how.target, {}, now);
  if (how.rest) known.keys->rest(how.credential, now + *how.rest);
  if (how.credential_refused && known.keys->set_aside(how.credential, now))
    tell("credential_set_aside", how.target,
         "key " + std::to_string(how.credential + 1) + " of " + std::to_string(known.keys->all().size()) + ": " +
             how.error,
         now);
  if (how.how == verdict::answered) known.keys->accept(how.credential);
}

target_status target_table::status_of(std::uint32_t number, timestamp now) const {
  const auto& [upstream, model, health, keys] = targets_[number];
  target_status one{number,
                    upstream,
                    model,
                    health.breaker().state(now),
                    health.in_flight(),
                    health.calls(),
                    health.failures(),
                    health.consecutive_failures(),
                    health.latency(),
                    health.last_error()};
  one.credentials = static_cast<std::uint32_t>(keys->all().size());
  for (const auto& key : keys->all()) {
    if (key.aside_until > now) ++one.credentials_set_aside;
    if (key.rests_until > now) ++one.credentials_resting;
  }
  return one;
}

target_statuses target_table::statuses(timestamp now) const {
  target_statuses all;
  for (std::uint32_t i = 0; i < targets_.size(); ++i) all.push_back(status_of(i, now));
  return all;
}

void target_table::tell(std::string_view event, std::uint32_t number, const std::string& reason, timestamp now) const {
  if (settings_.on_event) settings_.on_event(event, status_of(number, now), reason);
}

} // namespace gateway

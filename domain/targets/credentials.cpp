#include "domain/targets/credentials.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

std::optional<std::uint32_t> credentials::choose(std::span<const std::uint32_t> excluded, timestamp now) const {
  std::optional<std::uint32_t> best;
  // Those set aside come last, and of those the one that has been so for the longest.
  const auto rank = [&](const state& one) {
    const bool aside = one.aside_until > now;
    return std::pair(aside ? one.aside_until : timestamp{}, one.used_at);
  };
  for (std::uint32_t i = 0; i < all_.size(); ++i) {
    if (all_[i].rests_until > now || std::ranges::find(excluded, i) != excluded.end()) continue;
    if (!best || rank(all_[i]) < rank(all_[*best])) best = i;
  }
  return best;
}

void credentials::use(std::uint32_t which) { all_.at(which).used_at = ++uses_; }

void credentials::rest(std::uint32_t which, timestamp until) {
  if (which < all_.size()) all_[which].rests_until = std::max(all_[which].rests_until, until);
}

bool credentials::set_aside(std::uint32_t which, timestamp now) {
  if (which >= all_.size()) return false;
  const bool news = all_[which].aside_until <= now;
  all_[which].aside_until = now + set_aside_for;
  return news;
}

void credentials::accept(std::uint32_t which) {
  if (which < all_.size()) all_[which].aside_until = {};
}

std::optional<timestamp> credentials::rests_until(timestamp now) const {
  const auto first = std::ranges::min(all_, {}, &state::rests_until).rests_until;
  return first > now ? std::optional(first) : std::nullopt;
}

} // namespace gateway

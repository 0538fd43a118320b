#include "http/upstream/connection_pool.hpp"

#include "runtime/coarse_clock.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

constexpr std::chrono::seconds sweep_every{2};

std::chrono::milliseconds time_until(std::chrono::steady_clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(1));
}

} // namespace

void lent_connection::give_back() {
  const auto pool = std::exchange(pool_, nullptr);
  pool->take_back(std::move(peer_), born_);
  place_.give_back();
}

connection_pool::connection_pool(const upstream_spec& spec, worker& here, const tenant_places& crowd, std::size_t most,
                                 std::size_t waiting)
    : connector_(spec, here),
      longest_wait_(spec.queue_for),
      longest_connect_(spec.timeouts.connect),
      longest_idle_(spec.idle),
      longest_life_(spec.lifetime),
      places_(here.wheel(), crowd, most, waiting),
      next_sweep_(here.wheel(), [this] { sweep(); }) {}

std::optional<lent_connection> connection_pool::lend_now(const lend_wish& wish) {
  if (wish.fresh || idle_.empty()) return std::nullopt;
  const auto now = coarse_now();
  auto place = places_.take(wish.tenant, now);
  if (!place) return std::nullopt;
  auto found = take_idle(now);
  if (!found) return std::nullopt;
  return lent_connection(shared_from_this(), std::move(*place), std::move(found->peer), found->born, true);
}

task<result<lent_connection>> connection_pool::lend(lend_wish wish) {
  auto self = shared_from_this();
  auto place = places_.take(wish.tenant, std::chrono::steady_clock::now());
  if (!place) {
    auto waited = co_await places_.wait(wish.tenant, wish.cost, std::min(longest_wait_, time_until(wish.until)));
    if (!waited) co_return tl::unexpected(std::move(waited.error()));
    place.emplace(std::move(*waited));
  }
  if (wish.fresh) {
    if (!idle_.empty()) close_last();
  } else if (auto found = take_idle(coarse_now())) {
    co_return lent_connection(std::move(self), std::move(*place), std::move(found->peer), found->born, true);
  }
  auto opened = co_await connector_.connect(std::min(longest_connect_, time_until(wish.until)));
  if (!opened) co_return tl::unexpected(std::move(opened.error()));
  co_return lent_connection(std::move(self), std::move(*place), std::move(*opened), coarse_now(), false);
}

bool connection_pool::is_usable(const idle_connection& each, time_point now) const {
  return now - each.since < longest_idle_ && now - each.born < longest_life_ && !each.peer->is_stale();
}

std::optional<connection_pool::idle_connection> connection_pool::take_idle(time_point now) {
  while (!idle_.empty() && !is_usable(idle_.back(), now)) close_last();
  if (idle_.empty()) return std::nullopt;
  auto found = std::move(idle_.back());
  idle_.pop_back();
  return found;
}

void connection_pool::close_last() {
  idle_.back().peer->finish_writing();
  idle_.pop_back();
}

void connection_pool::take_back(connection_ptr peer, time_point born) {
  const auto now = coarse_now();
  if (now - born >= longest_life_ || !peer->is_open()) return peer->finish_writing();
  idle_.push_back({std::move(peer), born, now});
  if (!next_sweep_.is_set()) next_sweep_.set(sweep_every);
}

void connection_pool::sweep() {
  const auto now = std::chrono::steady_clock::now();
  const auto of_no_use = std::stable_partition(idle_.begin(), idle_.end(),
                                               [&](const idle_connection& each) { return is_usable(each, now); });
  const auto kept = static_cast<std::size_t>(of_no_use - idle_.begin());
  while (idle_.size() > kept) close_last();
  if (!idle_.empty()) next_sweep_.set(sweep_every);
}

void connection_pool::close_idle() {
  while (!idle_.empty()) close_last();
  next_sweep_.clear();
}

} // namespace gateway

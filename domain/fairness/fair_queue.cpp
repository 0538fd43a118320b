#include "domain/fairness/fair_queue.hpp"

#include <algorithm>
#include <limits>

namespace gateway {
namespace {

// So that no sum overflows.
constexpr std::uint64_t largest = std::uint64_t{1} << 40;

} // namespace

fair_queue::fair_queue(std::uint64_t quantum)
    : quantum_(static_cast<std::int64_t>(std::clamp(quantum, std::uint64_t{1}, largest))) {}

void fair_queue::add(entry& who, std::string_view tenant, std::uint64_t cost) {
  auto found = flows_.find(tenant);
  if (found == flows_.end()) {
    found = flows_.try_emplace(std::string(tenant)).first;
    auto& fresh = found->second;
    fresh.tenant = found->first;
    if (ring_.empty()) fresh.deficit = quantum_;
    ring_.push_back(fresh);
  }
  who.in_ = &found->second;
  who.cost_ = static_cast<std::int64_t>(std::clamp(cost, std::uint64_t{1}, largest));
  found->second.entries.push_back(who);
  ++size_;
}

void fair_queue::remove(entry& who) {
  if (who.in_ != nullptr) leave(*who.in_, who);
}

fair_queue::entry* fair_queue::take() {
  if (ring_.empty()) return nullptr;
  std::size_t passed = 0;
  while (!ring_.front().can_pay()) {
    if (passed++ == flows_.size()) skip_rounds();
    ring_.splice(ring_.end(), ring_, ring_.begin());
    ring_.front().deficit += quantum_;
  }
  return serve(ring_.front());
}

fair_queue::entry* fair_queue::take_if(const std::function<bool(std::string_view tenant)>& may) {
  const auto found = std::find_if(ring_.begin(), ring_.end(), [&](const flow& each) { return may(each.tenant); });
  return found == ring_.end() ? nullptr : serve(*found);
}

std::size_t fair_queue::waiting(std::string_view tenant) const {
  const auto found = flows_.find(tenant);
  return found == flows_.end() ? 0 : found->second.entries.size();
}

fair_queue::entry* fair_queue::serve(flow& from) {
  auto& who = from.entries.front();
  from.deficit -= who.cost_;
  leave(from, who);
  return &who;
}

void fair_queue::leave(flow& from, entry& who) {
  from.entries.erase(from.entries.iterator_to(who));
  who.in_ = nullptr;
  --size_;
  if (!from.entries.empty()) return;
  const bool had_turn = &from == &ring_.front();
  ring_.erase(ring_.iterator_to(from));
  flows_.erase(flows_.find(from.tenant));
  if (had_turn && !ring_.empty()) ring_.front().deficit += quantum_;
}

// A whole round in which nobody could pay would be followed by more of them: all but the last at once.
void fair_queue::skip_rounds() {
  auto rounds = std::numeric_limits<std::int64_t>::max();
  for (const auto& each : ring_) rounds = std::min(rounds, (each.entries.front().cost_ - each.deficit - 1) / quantum_);
  for (auto& each : ring_) each.deficit += rounds * quantum_;
}

} // namespace gateway

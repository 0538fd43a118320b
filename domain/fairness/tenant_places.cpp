#include "domain/fairness/tenant_places.hpp"

namespace gateway {
namespace {

constexpr std::size_t idle_remembered = 64;

} // namespace

std::optional<tenant_places::place> tenant_places::take(std::string_view tenant, time_point now) {
  mix_.saw(tenant, now);
  auto& mine = count_of(tenant);
  const auto kept = mix_.several(now) ? kept_places(most_) : 0;
  const auto tenants = active_ + (mine == 0 ? 1 : 0);
  if (!may_take({.most = most_, .taken = taken_, .mine = mine, .tenants = tenants}, kept)) return {};
  if (mine++ == 0) ++active_;
  ++taken_;
  return place(*this, mine);
}

std::size_t tenant_places::held_by(std::string_view tenant) const {
  const auto found = counts_.find(tenant);
  return found == counts_.end() ? 0 : found->second;
}

// A tenant that comes and goes is not forgotten each time: only when many of them have nothing.
std::size_t& tenant_places::count_of(std::string_view tenant) {
  const auto found = counts_.find(tenant);
  if (found != counts_.end()) return found->second;
  if (counts_.size() >= 2 * active_ + idle_remembered)
    std::erase_if(counts_, [](const auto& each) { return each.second == 0; });
  return counts_.try_emplace(std::string(tenant)).first->second;
}

void tenant_places::give_back(std::size_t& mine) {
  --taken_;
  if (--mine == 0) --active_;
}

} // namespace gateway

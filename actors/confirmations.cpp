#include "actors/confirmations.hpp"

#include <utility>
#include <vector>

namespace gateway {

confirmations::~confirmations() {
  for (auto& [what, matter] : open_) matter.then(false);
}

confirmations::id confirmations::open(std::set<party> waiting, answer then) {
  auto what = ++last_;
  if (waiting.empty())
    then(true);
  else
    open_.emplace(what, matter{std::move(waiting), std::move(then)});
  return what;
}

void confirmations::forget(party who) {
  std::vector<id> concerned;
  for (const auto& [what, matter] : open_)
    if (matter.waiting.contains(who)) concerned.push_back(what);
  for (auto what : concerned) close(what, who, true);
}

void confirmations::close(id what, party who, bool confirmed) {
  auto found = open_.find(what);
  if (found == open_.end() || found->second.waiting.erase(who) == 0) return;
  auto& matter = found->second;
  matter.all_confirmed = matter.all_confirmed && confirmed;
  if (!matter.waiting.empty()) return;
  auto closed = std::move(matter);
  open_.erase(found);
  closed.then(closed.all_confirmed);
}

} // namespace gateway

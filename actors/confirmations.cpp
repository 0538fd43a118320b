#include "actors/confirmations.hpp"

#include <utility>
#include <vector>

namespace gateway {

confirmations::~confirmations() {
  for (auto& [what, asked] : open_) asked.then(false);
}

confirmations::id confirmations::open(std::set<party> waiting, answer then) {
  auto what = ++last_;
  if (waiting.empty())
    then(true);
  else
    open_.emplace(what, question{std::move(waiting), std::move(then)});
  return what;
}

void confirmations::forget(party who) {
  std::vector<id> concerned;
  for (const auto& [what, asked] : open_)
    if (asked.waiting.contains(who)) concerned.push_back(what);
  for (auto what : concerned) close(what, who, true);
}

void confirmations::close(id what, party who, bool confirmed) {
  auto found = open_.find(what);
  if (found == open_.end() || found->second.waiting.erase(who) == 0) return;
  auto& asked = found->second;
  asked.all_confirmed = asked.all_confirmed && confirmed;
  if (!asked.waiting.empty()) return;
  auto closed = std::move(asked);
  open_.erase(found);
  closed.then(closed.all_confirmed);
}

} // namespace gateway

#include "tests/simulation/model.hpp"

#include <algorithm>

namespace gateway::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto minute = 60s;

bool shares_an_account(const principal& one, const principal& other) { return one.tenant_id == other.tenant_id; }

void note(std::vector<principal_ptr>& list, const principal_ptr& who) {
  if (std::find(list.begin(), list.end(), who) == list.end()) list.push_back(who);
}

std::string number(std::uint64_t value) { return std::to_string(value); }

} // namespace

std::string describe(const disk::counter& which) {
  const auto& [scope, account, kind, day] = which;
  return std::string(to_string(scope)) + " " + account + " " + std::string(to_string(kind)) + " " + to_string(day);
}

claim_ptr model::open(principal_ptr who, std::uint64_t requests, quota_amount amount, timestamp now,
                      std::uint64_t life) {
  auto asked = std::make_shared<claim>();
  asked->who = std::move(who);
  asked->requests = requests;
  asked->amount = amount;
  asked->at = now;
  asked->life = life;
  asked->limits = limits_of(*asked->who, now);
  asked->meanwhile.push_back(asked->who);
  note(seen_, asked->who);
  // A hold grows within the limits as they are by then, whoever asked for it.
  if (requests == 0)
    for (const auto& other : seen_)
      if (shares_an_account(*other, *asked->who)) note(asked->meanwhile, other);
  for (auto& other : under_way_)
    if (shares_an_account(*other->who, *asked->who)) {
      note(other->meanwhile, asked->who);
      note(asked->meanwhile, other->who);
    }
  under_way_.push_back(asked);
  return asked;
}

void model::close(const claim_ptr& asked) { under_way_.remove(asked); }

std::uint64_t model::bound_of(const claim& asked, const applied_limit& limit) const {
  std::uint64_t most = 0;
  for (const auto& who : asked.meanwhile) {
    if (limit.scope == limit_scope::key && who->key_id != asked.who->key_id) continue;
    most = std::max(most, limit_of(*who, limit.scope, limit.kind).value_or(~std::uint64_t{0}));
  }
  return most;
}

void model::grant(const claim_ptr& asked, timestamp at) {
  asked->granted_at = at;
  if (asked->requests > 0) running_.push_back(asked);
  for (const auto& limit : asked->limits) {
    const auto need = share_of(limit.kind, asked->requests, asked->amount);
    const auto bound = bound_of(*asked, limit);
    if (is_leased(limit.kind)) {
      const disk::counter id{limit.scope, limit.account, limit.kind, limit.day};
      auto& counted = windows_[id];
      counted.held += need;
      if (need > 0 && counted.used + counted.held > bound)
        throw violation(describe(id) + ": settled " + number(counted.used) + " + held " + number(counted.held) +
                        " > limit " + number(bound));
    } else if (slides(limit.kind)) {
      if (need == 0) continue;
      const account whose{asked->life, limit.scope, limit.account, limit.kind};
      auto& all = minutes_[whose];
      all.push_back({at, need, bound, asked.get()});
      check_minutes(whose, all);
      while (!all.empty() && all.front().at + 3 * minute < at) all.pop_front();
    } else if (asked->requests > 0) {
      check_concurrency(*asked, limit);
    }
  }
}

void model::check_minutes(const account& whose, const std::deque<moment>& all) const {
  const auto newest = all.back();
  for (const auto& end : all) {
    // Only windows that hold what came last can have become too full.
    if (end.at < newest.at || end.at >= newest.at + minute) continue;
    std::uint64_t sum = 0;
    std::uint64_t bound = 0;
    for (const auto& each : all) {
      if (each.at > end.at || each.at <= end.at - minute) continue;
      sum += each.amount;
      bound = std::max(bound, each.bound);
    }
    if (sum > bound)
      throw violation(std::get<2>(whose) + " " + std::string(to_string(std::get<3>(whose))) + ": " + number(sum) +
                      " within a minute until " + to_rfc3339(end.at) + ", the limit is " + number(bound));
  }
}

// At the moment of the last grant that was heard of: what was granted earlier and heard of since runs, too.
void model::check_concurrency(const claim& asked, const applied_limit& limit) const {
  auto latest = asked.granted_at;
  const auto shares = [&](const claim& each) {
    const auto& whose = limit.scope == limit_scope::key ? each.who->key_id : each.who->tenant_id;
    return whose == limit.account && each.life == asked.life;
  };
  for (const auto& each : running_)
    if (shares(*each)) latest = std::max(latest, each->granted_at);
  const auto count = std::count_if(running_.begin(), running_.end(),
                                   [&](const claim_ptr& each) { return shares(*each) && each->deadline > latest; });
  const auto bound = bound_of(asked, limit);
  if (static_cast<std::uint64_t>(count) > bound)
    throw violation(limit.account + ": " + std::to_string(count) + " requests at once, the limit is " + number(bound));
}

void model::settle(const claim_ptr& held, const quota_amount& used, bool counted, bool sure) {
  std::erase(running_, held);
  const std::uint64_t requests = counted ? held->requests : 0;
  const auto spent = counted ? used : quota_amount{};
  for (const auto& id : counters_of(*held->who, held->at)) {
    const auto spends = share_of(std::get<limit_kind>(id), requests, spent);
    const bool limited = limit_of(*held->who, std::get<limit_scope>(id), std::get<limit_kind>(id)).has_value();
    const auto covered = limited ? share_of(std::get<limit_kind>(id), held->requests, held->amount) : 0;
    if (spends > covered) uncovered_[id] += spends - covered;
  }
  for (const auto& limit : held->limits) {
    const auto had = share_of(limit.kind, held->requests, held->amount);
    const auto took = std::min(had, share_of(limit.kind, requests, spent));
    if (is_leased(limit.kind)) {
      auto& counter = windows_[{limit.scope, limit.account, limit.kind, limit.day}];
      counter.held -= had;
      counter.used += took;
      counter.at_most += std::max(sure ? took : had, share_of(limit.kind, requests, spent));
    } else if (slides(limit.kind)) {
      for (auto& each : minutes_[{held->life, limit.scope, limit.account, limit.kind}])
        if (each.whose == held.get()) each = {each.at, took, each.bound, nullptr};
    }
  }
}

std::uint64_t model::uncovered(const disk::counter& id) const {
  const auto found = uncovered_.find(id);
  return found == uncovered_.end() ? 0 : found->second;
}

void model::start_over() {
  minutes_.clear();
  running_.clear();
  under_way_.clear();
  uncovered_.clear();
  for (auto& [id, counted] : windows_) counted.used = counted.held = 0;
}

void model::know(const disk::counter& id, std::uint64_t charged, std::uint64_t uncovered) {
  uncovered_[id] = uncovered;
  const auto found = windows_.find(id);
  if (found == windows_.end()) return;
  found->second.used = charged;
  found->second.at_most = std::max(found->second.at_most, charged);
}

} // namespace gateway::simulation

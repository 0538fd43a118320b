#include "storage/reconcile.hpp"
#include "tests/simulation/schedule.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gateway::simulation {
namespace {

using namespace std::chrono_literals;

std::uint64_t in(const std::map<disk::counter, std::uint64_t>& sums, const disk::counter& id) {
  const auto found = sums.find(id);
  return found == sums.end() ? 0 : found->second;
}

} // namespace

std::uint64_t granted_in(ledger_store& ledger, const disk::counter& id) {
  const auto& [scope, account, kind, day] = id;
  lease_wish probe;
  probe.entry = {scope, account, kind, day, day, day + std::chrono::days{1}};
  const auto answer = ledger.grant("probe", {probe}, timestamp::max());
  return answer && answer->size() == 1 ? answer->front().granted_in_all : 0;
}

// No further faults: everything that is under way must come to an end, and add up.
void schedule::become_calm() {
  note("from here on nothing fails");
  conditions_ = {};
  settle_down(
      60s, [this] { return house_->is_open(); }, "the start");
  settle_down(
      60s, [this] { return callers_.empty() && records_->is_empty() && house_->callers().open() == 0; },
      "a request or an answer");
  // Whoever was killed last is back by then.
  for (int i = 0; i < 60; ++i) {
    pass(100ms);
    deliver_all();
  }
  pass_long(what_.house.hold_lifetime + 1s);
  check_balances();
  house_->begin_drain();
  settle_down(
      60s, [this] { return house_->is_drained(); }, "the drain");
  check_ledger(what_.is_lossless() && !lossy_);
  check_records();
  check_reconciled();
}

void schedule::settle_down(std::chrono::seconds longest, const std::function<bool()>& until, std::string_view what) {
  const auto end = steady_ + longest;
  while (!until()) {
    if (steady_ >= end)
      throw violation(std::string(what) + " hangs: " + house_->callers().first_open() + ", " +
                      std::to_string(callers_.size()) + " callers");
    for (auto& each : callers_) each->finish();
    forget_ended();
    records_->pump();
    deliver_all();
    if (!until()) pass(100ms);
  }
}

void schedule::check_balances() {
  for (const auto& who : what_.keys) {
    auto asked = std::make_shared<std::optional<result<limit_balances>>>();
    house_->callers().ask<limit_balances>(
        "balance", [asked](result<limit_balances> answer) { *asked = std::move(answer); },
        house_->people().quota_of(who->tenant_id), balance_atom::value, who, wall_);
    settle_down(
        60s, [asked] { return asked->has_value(); }, "a question for balances");
    if (!**asked) throw violation("no balances of " + who->key_id + ": " + (*asked)->error().message);
    for (const auto& each : ***asked)
      if (each.held > 0)
        throw violation("a hold outlives its deadline: " + who->key_id + " " + std::string(to_string(each.kind)) + " " +
                        std::to_string(each.held));
  }
}

void schedule::check_ledger(bool exact) const {
  for (const auto& [id, counted] : counted_.windows()) {
    const auto granted = granted_in(*kept_.ledger, id);
    const auto promised = kept_.promised.find(id);
    const auto highest = promised == kept_.promised.end() ? 0 : promised->second;
    const auto text = describe(id) + ": the ledger has " + std::to_string(granted) + ", used was " +
                      std::to_string(counted.used) + " to " + std::to_string(counted.at_most);
    if (granted < counted.used || counted.held > 0) throw violation("forgotten: " + text);
    if (exact && granted > std::max(counted.used, std::min(counted.at_most, highest))) throw violation("lost: " + text);
  }
}

schedule::sums schedule::charged(std::chrono::minutes early) const {
  sums all;
  const auto visited = kept_.audit->visit_counted({}, [&](const audit_record& record) {
    const auto who = std::find_if(what_.keys.begin(), what_.keys.end(),
                                  [&](const principal_ptr& each) { return each->key_id == record.key_id; });
    auto counters = counters_of(**who, record.created_at);
    for (auto& each : counters_of(**who, record.created_at + early))
      if (std::find(counters.begin(), counters.end(), each) == counters.end()) counters.push_back(std::move(each));
    for (const auto& id : counters)
      all[id] += share_of(std::get<limit_kind>(id), 1, {record.usage.total(), record.cost});
  });
  if (!visited) throw violation("the log cannot be read");
  return all;
}

// What the next start has made of the log and of the ledger.
void schedule::start_over() {
  counted_.start_over();
  for (const auto& [id, sum] : charged(0min)) {
    const auto granted = granted_in(*kept_.ledger, id);
    if (counted_.windows().count(id) > 0 && !what_.exceeds && !what_.limit_changes && sum > granted)
      throw violation("overspent in a crash: " + describe(id) + ": the ledger has " + std::to_string(granted) +
                      ", the log has charged " + std::to_string(sum));
    // What had ended and given back its rest is charged whole when its end was not written down: that alone may pass
    // the limit.
    auto& promised = kept_.promised[id];
    promised = std::max(promised, granted);
    counted_.know(id, std::min(sum, granted), sum - std::min(sum, granted));
  }
}

// As the next start does it: what is granted then is what the log has charged.
void schedule::check_reconciled() const {
  const auto sum = charged(0min);
  const auto most = charged(5min);
  sums before;
  for (const auto& [id, counted] : counted_.windows()) before[id] = granted_in(*kept_.ledger, id);
  if (!reconcile(*kept_.audit, *kept_.ledger, what_.house.instance, timestamp::min()))
    throw violation("the ledger cannot be reconciled");
  for (const auto& [id, had] : before) {
    const auto granted = granted_in(*kept_.ledger, id);
    const auto text = describe(id) + ": the ledger has " + std::to_string(granted) + ", before " + std::to_string(had) +
                      ", the log has charged " + std::to_string(in(sum, id));
    if (granted > in(most, id)) throw violation("forfeited: " + text);
    if (granted < std::min(in(sum, id), had)) throw violation("given back too much: " + text);
    // More than was held is charged as far as the limit allows, and nothing while there is no such limit.
    if (in(sum, id) > had + counted_.uncovered(id)) throw violation("overspent: " + text);
  }
}

void schedule::check_records() const {
  std::map<std::string, audit_record> found;
  audit_query everything;
  everything.limit = 1000;
  do {
    const auto page = kept_.audit->read(everything);
    if (!page) throw violation("the log cannot be read");
    for (const auto& row : page->rows)
      if (!found.emplace(row.record.id, row.record).second) throw violation(row.record.id + " is recorded twice");
    everything.before = page->next;
  } while (everything.before);
  for (const auto& [id, promised] : promised_) {
    const auto record = found.find(id);
    if (record == found.end()) throw violation(id + " was committed, and is not in the log");
    if (promised.settled && !(record->second == promised.record)) throw violation(id + " is recorded otherwise");
  }
}

} // namespace gateway::simulation

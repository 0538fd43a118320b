#include "tests/simulation/schedule.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gateway::simulation {
namespace {

using namespace std::chrono_literals;

std::uint64_t granted_in(ledger_store& ledger, const disk::counter& id) {
  const auto& [scope, account, kind, day] = id;
  lease_wish probe;
  probe.entry = {scope, account, kind, day, day, day + std::chrono::days{1}};
  const auto answer = ledger.grant("probe", {probe});
  return answer && answer->size() == 1 ? answer->front().granted_in_all : 0;
}

} // namespace

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
  pass(what_.house.hold_lifetime + 1s);
  check_balances();
  house_->begin_drain();
  settle_down(
      60s, [this] { return house_->is_drained(); }, "the drain");
  check_ledger(what_.is_lossless() && !lossy_);
  check_records();
}

void schedule::settle_down(std::chrono::seconds longest, const std::function<bool()>& until, std::string_view what) {
  const auto end = wall_ + longest;
  while (!until()) {
    if (wall_ >= end)
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
      if (each.held > 0 && !what_.clock_jumps)
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

void schedule::check_records() const {
  std::map<std::string, audit_record> found;
  const auto read = kept_.audit->visit_counted({}, [](const audit_record&) {});
  if (!read) throw violation("the log cannot be read");
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

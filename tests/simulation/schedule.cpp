#include "tests/simulation/schedule.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace gateway::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_callers = 12;

} // namespace

schedule::schedule(std::uint64_t seed, listener trace) : random_(seed), trace_(std::move(trace)), what_(random_) {
  wall_ = steady_ = what_.start;
}

outcome schedule::run() {
  try {
    open_house();
    for (std::uint64_t i = 0; i < what_.steps; ++i) {
      step();
      check();
    }
    become_calm();
  } catch (const violation& what) {
    result_.violation = what.what();
  }
  return result_;
}

void schedule::open_house() {
  house_ = std::make_unique<process>(what_.house, kept_, conditions_, random_, time());
  records_ = std::make_unique<outbox>(*house_, promised_);
  world_ = std::make_unique<surroundings>(surroundings{*house_, counted_, *records_, random_, time(),
                                                       [this](const std::string& line) { note(line); },
                                                       what_.house.hold_lifetime, what_.exceeds, what_.forgets});
}

clocks schedule::time() const {
  return {[this] { return wall_; }, [this] { return steady_; }};
}

void schedule::crash() {
  note("the process crashes");
  ++result_.crashes;
  lossy_ = true;
  callers_.clear();
  world_.reset();
  records_.reset();
  house_.reset();
  open_house();
  start_over();
}

void schedule::step() {
  const auto what = random_.below(100);
  if (what < 60) {
    if (house_->moves()) return deliver();
  } else if (what < 72) {
    if (callers_.size() < most_callers) return begin_caller();
  } else if (what < 86) {
    if (!callers_.empty()) random_.any_of(callers_)->go_on();
  } else if (what < 92) {
    records_->pump();
  } else if (what < 97) {
    if (random_.one_in(20))
      pass_long(std::chrono::milliseconds(random_.below(4'000'000)));
    else
      pass(std::chrono::milliseconds(random_.below(3'000)));
  } else {
    trouble();
  }
  forget_ended();
}

void schedule::deliver() {
  ++result_.messages;
  if (!trace_) return house_->deliver_one();
  std::string line;
  house_->deliver_one(&line);
  note("  " + line);
}

void schedule::deliver_all() {
  since_delivery_ = {};
  while (house_->moves()) {
    deliver();
    check();
  }
}

void schedule::begin_caller() {
  const auto& who = random_.any_of(what_.keys);
  const quota_amount wanted{random_.one_in(10) ? random_.below(3000) : random_.below(300), random_.below(300)};
  callers_.push_back(std::make_shared<caller>(*world_, "request " + std::to_string(++names_), who, wanted));
  callers_.back()->begin();
}

void schedule::trouble() {
  switch (random_.below(5)) {
    case 0: conditions_ = random_.one_in(2) ? what_.worst : weather{}; break;
    case 1:
      if (what_.deaths) kill_somebody();
      break;
    case 2:
      if (what_.clock_jumps) jump(std::chrono::milliseconds(random_.below(7'200'000)) - (random_.one_in(2) ? 1h : 2h));
      break;
    case 3:
      if (!what_.limit_changes) break;
      note("limits change");
      change_limits(what_.keys, random_);
      break;
    default:
      if (what_.crashes && random_.one_in(2)) crash();
  }
}

void schedule::kill_somebody() {
  const auto& people = house_->people();
  const auto whom = random_.below(2 + people.quota.size());
  note("somebody is killed");
  ++result_.deaths;
  if (whom == 0) return house_->kill(caf::actor_cast<caf::actor>(people.ledger));
  if (whom == 1) return house_->kill(caf::actor_cast<caf::actor>(people.audit));
  const auto& shard = people.quota[static_cast<std::size_t>(whom) - 2];
  if (!shard) return;
  lossy_ = true;
  house_->kill(caf::actor_cast<caf::actor>(shard));
}

// Nobody sleeps over what is on its way: before a long time passes, it is delivered or has run out of patience.
void schedule::pass_long(std::chrono::milliseconds span) {
  for (int i = 0; i < 12 && span > 2500ms; ++i, span -= 2500ms) {
    deliver_all();
    pass(2500ms);
  }
  deliver_all();
  pass(span);
}

void schedule::pass(std::chrono::milliseconds span) {
  // Where nothing may be lost, no shard may lose its patience with the ledger either.
  since_delivery_ += span;
  if (what_.is_lossless() && since_delivery_ > 3s) deliver_all();
  note(std::to_string(span.count()) + " ms pass");
  wall_ += span;
  steady_ += span;
  house_->pass(span);
  for (auto& each : callers_)
    if (each->is_impatient()) each->leave();
}

void schedule::jump(std::chrono::milliseconds span) {
  note("the clock jumps by " + std::to_string(span.count()) + " ms");
  wall_ += span;
}

void schedule::forget_ended() {
  std::erase_if(callers_, [](const std::shared_ptr<caller>& each) { return each->has_ended(); });
}

void schedule::check() const {
  for (const auto& [id, granted] : kept_.granted) {
    const auto promised = kept_.promised.find(id);
    if (promised == kept_.promised.end() || granted > promised->second)
      throw violation("the ledger: " + describe(id) + ": " + std::to_string(granted) + " granted, more than its limit");
  }
}

} // namespace gateway::simulation

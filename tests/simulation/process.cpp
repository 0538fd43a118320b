#include "tests/simulation/process.hpp"

#include "actors/audit.hpp"
#include "actors/audit_reader.hpp"
#include "actors/keys.hpp"
#include "actors/ledger.hpp"
#include "actors/quota.hpp"
#include "actors/supervisor.hpp"
#include "storage/audit_recovery.hpp"
#include "storage/reconcile.hpp"
#include "tests/simulation/lossy_ledger.hpp"
#include "tests/simulation/model.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace gateway::simulation {
namespace {

audit_settings small_batches() {
  audit_settings how;
  how.batch = 3;
  how.queue = 40;
  how.journal_bytes = 5000;
  return how;
}

caf::actor_system_config& with_test_policy(caf::actor_system_config& into) {
  into.set("scheduler.policy", caf::atom("testing"));
  return into;
}

std::string told(caf::resumable& job) {
  auto* actor = dynamic_cast<caf::scheduled_actor*>(&job);
  if (!actor) return "somebody";
  const auto* message = actor->mailbox().peek();
  return std::string(actor->name()) + " " + std::to_string(actor->id()) +
         (message ? " takes " + caf::deep_to_string(message->content()) : std::string());
}

} // namespace

process::process(const shape& what, disk& kept, weather& conditions, dice& random, clocks time)
    : random_(random),
      time_(std::move(time)),
      way_(std::make_shared<disk_access>(disk_access{kept, conditions, random, time_.steady, {}, false})),
      system_(with_test_policy(config_)),
      desk_(make_desk(system_, time_.steady)),
      what_(what) {
  const auto recovered = recover_audit(*kept.audit, *kept.journal, what.interrupted);
  if (!recovered) throw violation("the audit log cannot be recovered: " + recovered.error().message);
  // Where the log says what was used, the rest of what a crash left leased comes back.
  const auto back = reconcile(*kept.audit, *kept.ledger, what.instance, timestamp::min());
  if (!back) throw violation("the ledger cannot be reconciled: " + back.error().message);
  boss_ = keep(supervisor_actor(system_.spawn(supervisor, make_plan(what), supervisor_settings{})));
  desk_->ask<roster_ptr>(
      "roster", [this](const result<roster_ptr>& answer) { open_ = answer.has_value(); }, boss_, roster_atom::value);
}

process::~process() {
  way_->cut = true;
  // Whoever is started while the others are being ended has to go, too.
  std::size_t ended = 0;
  do {
    for (; ended < started_.size(); ++ended) caf::anon_send_exit(started_[ended], caf::exit_reason::kill);
    while (scheduler().try_run_once()) continue;
  } while (ended < started_.size() || scheduler().trigger_timeouts() > 0);
}

caf::scheduler::test_coordinator& process::scheduler() {
  return static_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
}

template <class Handle>
Handle process::keep(Handle handle) {
  started_.push_back(caf::actor_cast<caf::actor>(handle));
  return handle;
}

plan process::make_plan(const shape& what) {
  plan made;
  made.ledger = [this] {
    auto real = keep(ledger_actor(system_.spawn(ledger, ledger_through(way_))));
    return people_.ledger = keep(ledger_actor(system_.spawn(lossy_ledger, real, way_)));
  };
  made.audit = [this] {
    return people_.audit =
               keep(audit_actor(system_.spawn(audit, audit_through(way_), journal_through(way_), small_batches())));
  };
  made.audit_reader = [this] {
    return people_.audit_reader = keep(audit_reader_actor(system_.spawn(audit_reader, audit_through(way_))));
  };
  made.keys = [this] { return people_.keys = keep(keys_actor(system_.spawn(keys, way_->what.keys, 0))); };
  people_.quota.resize(what.shards);
  for (std::size_t i = 0; i < what.shards; ++i)
    made.quota.emplace_back([this, i, what] {
      quota_settings settings;
      settings.hold_lifetime = what.hold_lifetime;
      settings.clock = time_.wall;
      settings.steady_clock = time_.steady;
      settings.epoch = static_cast<std::uint32_t>(random_.below(1 << 24));
      const auto owner = what.instance + "/shard " + std::to_string(i);
      return people_.quota[i] = keep(quota_actor(system_.spawn(quota, settings, owner)));
    });
  return made;
}

void process::deliver_one(std::string* line) {
  auto& jobs = scheduler().jobs;
  const auto place = random_.below(jobs.size() + desk_->answers());
  if (place >= jobs.size()) {
    const auto what = desk_->deliver(static_cast<std::size_t>(place) - jobs.size());
    if (line) *line = "answered: " + what;
    return;
  }
  const auto chosen = jobs.begin() + static_cast<std::ptrdiff_t>(place);
  if (line) *line = told(**chosen);
  std::rotate(jobs.begin(), chosen, chosen + 1);
  scheduler().run_once();
}

void process::kill(const caf::actor& whom) {
  if (whom) caf::anon_send_exit(whom, caf::exit_reason::kill);
}

void process::check_fence(const quota_actor& shard, timestamp granted_at) const {
  for (std::size_t i = 0; i < people_.quota.size(); ++i) {
    if (people_.quota[i] != shard) continue;
    const auto owner = what_.instance + "/shard " + std::to_string(i);
    const auto last = way_->answered.find(owner);
    if (last == way_->answered.end() || granted_at - last->second >= lease_lifetime)
      throw violation(owner + " spends leases that the ledger confirmed too long ago");
  }
}

void process::begin_drain() {
  desk_->ask<void>(
      "drain", [this](const result<void>&) { drained_ = true; }, boss_, drain_atom::value);
}

} // namespace gateway::simulation

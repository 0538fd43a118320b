#pragma once

#include "actors/supervisor.hpp"
#include "tests/actors/begin_ask.hpp"
#include "tests/actors/fakes/stand_in.hpp"
#include "tests/actors/fixture.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::test {

using lines = std::vector<std::string>;
inline const lines nothing;

/// Whether a handle is the present life of a stand-in.
template <class Handle>
bool is(const Handle& who, const stand_in_script& part) {
  return caf::actor_cast<caf::actor>(who) == part.now;
}

/// A supervisor, and a stand-in in every place of its house.
class supervisor_fixture : public actor_fixture {
 public:
  supervisor_fixture() {
    settings.on_event = [log = events](std::string_view event, const std::string& who, const std::string&) {
      log->push_back(std::string(event) + " " + who);
    };
  }

  stand_in_script& part(const std::string& name) { return *part_ptr(name); }

  /// Starts the supervisor, and delivers until nothing moves.
  void open() {
    plan what;
    what.ledger = place<ledger_actor>("ledger");
    what.audit = place<audit_actor>("audit");
    what.audit_reader = place<audit_reader_actor>("audit_reader");
    what.keys = place<keys_actor>("keys");
    for (const std::string number : {" 0", " 1"}) {
      what.quota.push_back(place<quota_actor>("quota" + number));
      what.auth.push_back(place<auth_actor>("auth" + number));
      what.chat_upstream.push_back(place<chat_upstream_actor>("chat_upstream" + number));
      what.acceptors.push_back(place<acceptor_actor>("acceptor" + number));
    }
    boss = keep(supervisor_actor(system.spawn(supervisor, std::move(what), settings)));
    run();
  }

  void kill(const std::string& name) {
    caf::anon_send_exit(part(name).now, caf::exit_reason::kill);
    run();
  }

  /// Gives the answer that this one owes.
  void answer(const std::string& name) {
    part(name).answer();
    run();
  }

  /// Asks it to end the house, and does not wait.
  pending_answer<void> begin_drain() {
    auto answered = begin_ask<void>(*this, boss, drain_atom::value);
    run();
    return answered;
  }

  pending_answer<roster_ptr> begin_roster() {
    auto answered = begin_ask<roster_ptr>(*this, boss, roster_atom::value);
    run();
    return answered;
  }

  /// What happened since the last look.
  lines happened() { return std::exchange(*journal, {}); }

  std::uint64_t restarts(const std::string& name) {
    const auto all = ask<actor_statuses>(boss, status_atom::value);
    REQUIRE(all);
    for (const auto& each : *all)
      if (each.name == name) return each.restarts;
    FAIL("nobody is called " << name);
    return 0;
  }

  std::shared_ptr<lines> journal = std::make_shared<lines>();
  std::shared_ptr<lines> events = std::make_shared<lines>();
  supervisor_settings settings;
  supervisor_actor boss;

 private:
  stand_in_ptr part_ptr(const std::string& name) {
    auto& script = parts_[name];
    if (!script) script = std::make_shared<stand_in_script>();
    script->name = name;
    script->journal = journal;
    return script;
  }

  template <class Handle>
  std::function<Handle()> place(const std::string& name) {
    return [this, start = stand_in_for<Handle>(system, part_ptr(name))] { return keep(start()); };
  }

  std::map<std::string, stand_in_ptr> parts_;
};

} // namespace gateway::test

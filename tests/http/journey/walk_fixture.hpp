#pragma once

#include "http/journey/journey.hpp"
#include "http/journey/surface.hpp"
#include "runtime/failure.hpp"
#include "tests/actors/fakes/held_answer.hpp"
#include "tests/http/service_fixture.hpp"
#include "tests/http/wire/sample_request.hpp"
#include "tests/http/wire/test_connection.hpp"
#include "tests/storage/batches.hpp"

#include <caf/event_based_actor.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

/// What the neighbours of a walk were asked, and what they answer.
struct neighbours {
  std::optional<quota_refusal> refuses;           ///< Of a reservation.
  std::optional<quota_refusal> refuses_extension; ///< And of a hold's growth.
  std::vector<quota_amount> reserved;
  std::vector<quota_amount> extended;
  std::vector<quota_amount> settled;
  std::size_t released = 0;

  std::shared_ptr<const route_table> routes;
  bool no_target = false; ///< Every breaker is open.
  std::size_t picks = 0;

  bool log_holds = false; ///< The log's answers wait for the test.
  std::deque<held_answer> open;
  std::vector<audit_entry> entries;
};

inline caf::behavior any_key(caf::event_based_actor*) {
  return {[](authenticate_atom, const key_digest&, timestamp) -> caf::result<principal_ptr> {
    principal who;
    who.tenant_id = "acme";
    who.key_id = "k1";
    return std::make_shared<const principal>(who);
  }};
}

inline caf::behavior scripted_quota(caf::event_based_actor*, std::shared_ptr<neighbours> all) {
  const auto answer = [](const std::optional<quota_refusal>& refused) {
    return reservation{refused ? hold_id{0} : hold_id{7}, refused, {}, {}};
  };
  return {
      [=](reserve_atom, const principal_ptr&, const quota_amount& wanted, timestamp) -> caf::result<reservation> {
        all->reserved.push_back(wanted);
        return answer(all->refuses);
      },
      [=](extend_atom, hold_id, const quota_amount& more, timestamp) -> caf::result<reservation> {
        all->extended.push_back(more);
        return answer(all->refuses_extension);
      },
      [=](settle_atom, hold_id, const quota_amount& used, timestamp) { all->settled.push_back(used); },
      [=](release_atom, hold_id) { ++all->released; },
  };
}

inline caf::behavior echo_picker(caf::event_based_actor*, std::shared_ptr<neighbours> all) {
  return {
      [=](pick_atom, const pick_request& wanted, timestamp) -> caf::result<picked_target> {
        ++all->picks;
        if (all->no_target) return to_error(fail(ec::upstream_unavailable, "no target is there now").value());
        return picked_target{
            .way = all->routes->find(wanted.model)->entry, .upstream = "echo", .upstream_model = wanted.model};
      },
      [](report_atom, const call_report&, timestamp) {},
  };
}

inline caf::behavior scripted_log(caf::event_based_actor* self, std::shared_ptr<neighbours> all) {
  return {[=](record_atom, const audit_batch_ptr& batch) -> caf::result<void> {
    for (auto& each : entries_of(*batch)) all->entries.push_back(std::move(each));
    if (!all->log_holds) return caf::unit;
    all->open.emplace_back(self);
    return all->open.back().promise();
  }};
}

/// The walk of requests for the model `echo`, alone: all its neighbours are fakes.
class walk_fixture : public service_fixture {
 public:
  walk_fixture() {
    auto now = std::make_shared<roster>();
    now->auth.push_back(caf::actor_cast<auth_actor>(keep(system.spawn(any_key))));
    now->quota.push_back(caf::actor_cast<quota_actor>(keep(system.spawn(scripted_quota, all))));
    now->chat_upstream.push_back(caf::actor_cast<chat_upstream_actor>(keep(system.spawn(echo_picker, all))));
    now->audit = caf::actor_cast<audit_actor>(keep(system.spawn(scripted_log, all)));
    people_ = now;
  }

  /// A chat completion that says this; `more` are further fields.
  std::shared_ptr<bool> ask_for(const std::string& text, const std::string& more = {}) {
    house().people = people_;
    all->routes = house().routes;
    return start(walk(R"({"messages":[{"role":"user","content":")" + text + "\"}]" + more + "}"));
  }

  /// The same, to its end.
  void answer(const std::string& text, const std::string& more = {}) {
    const auto done = ask_for(text, more);
    run_until([&] { return *done; });
    if (all->log_holds)
      settle();
    else
      record();
  }

  void commit() {
    all->log_holds = false;
    for (auto& each : all->open) each.give(caf::unit);
    all->open.clear();
    record();
  }

  /// Waits until what was written down is committed.
  void record() {
    settle();
    run(house().outbox.flush(std::chrono::seconds(10)));
  }

  std::string told() const { return line_->told(); }

  std::shared_ptr<neighbours> all = std::make_shared<neighbours>();

 private:
  task<void> walk(std::string body) {
    test_connection peer(line_);
    responder reply(peer, here.wheel(), std::chrono::seconds(10), {.request_id = "r"});
    exchange talk(
        house(),
        sample_request("POST", "/v1/chat/completions",
                       {{"Authorization", "Bearer gw_key"}, {"Content-Type", "application/json"}}, std::move(body)),
        reply);
    co_await journey(talk, chat_completions_surface);
  }

  roster_ptr people_;
  std::shared_ptr<wire> line_ = std::make_shared<wire>(here.wheel());
};

} // namespace gateway::test

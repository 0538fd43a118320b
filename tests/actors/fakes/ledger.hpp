#pragma once

#include "actors/interfaces.hpp"
#include "runtime/failure.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway::test {

/// LEDGER that writes down what it is asked for, and answers when the test says so.
struct ledger_script {
  struct ask {
    std::string owner;
    lease_wishes wishes;
    timestamp sent_at;
    caf::response_promise promise;
    ledger_actor::pointer fake;

    // The worker that the fake last ran on is gone: a promise that is kept from outside must not find it.
    caf::response_promise& kept() {
      fake->context(nullptr);
      return promise;
    }
  };
  std::deque<ask> open;
  bool takes_returns = false; ///< Else a return fails the test.
  bool refuses_returns = false;
  lease_returns returned;
  std::size_t returns = 0; ///< How often something came back, or nothing.
  std::size_t asked = 0;   ///< For leases, so far.

  /// Grants of each wish of the oldest ask at most `each`, as the first grant of the day.
  void grant(std::uint64_t each = ~std::uint64_t{0}) {
    leases granted;
    for (const auto& wish : next().wishes) {
      auto now = std::min({wish.wanted, wish.limit, each});
      granted.push_back({wish.entry, now, now});
    }
    answer(std::move(granted));
  }

  void answer(leases granted) {
    next().kept().deliver(std::move(granted));
    open.pop_front();
  }

  void refuse() {
    next().kept().deliver(to_error(unavailable("database or disk is full")));
    open.pop_front();
  }

  ask& next() {
    REQUIRE_FALSE(open.empty());
    return open.front();
  }
};

inline ledger_actor::behavior_type fake_ledger(ledger_actor::pointer self, std::shared_ptr<ledger_script> script) {
  return {
      [self, script](lease_atom, const std::string& owner, const lease_wishes& wishes,
                     timestamp now) -> caf::result<leases> {
        auto promise = self->make_response_promise();
        script->open.push_back({owner, wishes, now, promise, self});
        ++script->asked;
        return promise;
      },
      [script](return_atom, const std::string&, const lease_returns& returns, timestamp) -> caf::result<void> {
        ++script->returns;
        if (script->refuses_returns) return to_error(unavailable("database or disk is full"));
        if (!script->takes_returns && !returns.empty()) FAIL_CHECK("a return that was not scripted");
        script->returned.insert(script->returned.end(), returns.begin(), returns.end());
        return caf::unit;
      },
      [](ping_atom) -> caf::result<void> {
        FAIL_CHECK("a ping that was not scripted");
        return to_error({});
      },
  };
}

} // namespace gateway::test

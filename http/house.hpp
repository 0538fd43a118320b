#pragma once

#include "actors/plan.hpp"
#include "config/config.hpp"
#include "domain/error.hpp"
#include "http/door/listener.hpp"
#include "http/service.hpp"
#include "runtime/asio_scheduler.hpp"
#include "storage/audit_journal.hpp"
#include "storage/audit_store.hpp"
#include "storage/instance.hpp"
#include "storage/key_store.hpp"
#include "storage/ledger_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace gateway {

/// What must last, behind the interfaces that any backend can fill.
struct stores {
  std::shared_ptr<key_store> keys;
  std::shared_ptr<ledger_store> ledger;
  std::shared_ptr<audit_store> audit;
  std::shared_ptr<audit_journal> journal;
  std::shared_ptr<gateway::audit_view> view;
  std::shared_ptr<const instance> identity;
};

/// Opens the files that the config names; what is wrong with them otherwise.
result<stores> open_stores(const storage_spec& where, const secret& chain_key);

/// The whole gateway, built from its config.
class house {
 public:
  /// Opens the door; the failure says what is in its way. The config's topology is resolved (config/topology.hpp).
  static result<std::unique_ptr<house>> open(config what, stores kept);
  house(const house&) = delete;
  house& operator=(const house&) = delete;
  /// Drains, if nobody has before.
  ~house();

  std::uint16_t port() const { return address_.endpoint().port(); }
  const config& settings() const { return settings_; }

  /// Stops accepting, lets what is in flight finish, commits what is to be recorded, ends everybody.
  void drain();

  /// For tests: who is there now, and who was restarted.
  roster_ptr people();
  actor_statuses statuses();
  caf::actor_system& system() { return system_; }

 private:
  house(config what, stores kept, reserved_address address);
  /// What the last end of the gateway left behind, before anybody else looks at the stores.
  result<void> recover();
  void reconcile_ledger();
  result<void> start();
  plan make_plan();

  config settings_;
  stores stores_;
  reserved_address address_;
  std::shared_ptr<const route_table> routes_;
  // The coroutines in the actor system's workers refer to these: the system goes first.
  std::vector<std::unique_ptr<service>> services_;
  runtime_config runtime_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  supervisor_actor supervisor_;
};

} // namespace gateway

#include "actors/audit.hpp"
#include "actors/audit_reader.hpp"
#include "actors/auth.hpp"
#include "actors/chat_upstream.hpp"
#include "actors/keys.hpp"
#include "actors/ledger.hpp"
#include "actors/quota.hpp"
#include "http/door/acceptor.hpp"
#include "http/house.hpp"
#include "http/log.hpp"
#include "runtime/spawn.hpp"

#include <caf/spawn_options.hpp>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

/// How long after the longest possible request a hold without an owner is given up.
constexpr std::chrono::minutes hold_margin{1};

std::chrono::milliseconds longest_request(const config& what) {
  auto longest = what.timeouts.upstream.total;
  for (const auto& [name, spec] : what.upstreams) longest = std::max(longest, spec.timeouts.total);
  return longest + what.timeouts.client.body;
}

/// What the operator should hear of a target.
void tell_of_target(std::string_view event, const target_status& where, const std::string& reason) {
  log_event(event == "breaker_closed" ? log_level::info : log_level::warn, event,
            {{"upstream", where.upstream}, {"model", where.model}, {"reason", reason}});
}

target_settings targets_of(const config& what, std::shared_ptr<const route_table> routes) {
  target_settings settings;
  settings.routes = std::move(routes);
  for (const auto& [name, spec] : what.upstreams) settings.upstreams[name] = {spec.api_keys.size(), spec.breaker};
  settings.retry = what.retry;
  settings.pickers = what.topology.chat_upstream_replicas;
  settings.seed = std::uint64_t{std::random_device{}()};
  settings.on_event = tell_of_target;
  return settings;
}

audit_settings audit_of(const config& what) {
  audit_settings how;
  how.batch = what.topology.audit.batch;
  how.queue = what.topology.audit.queue;
  how.sync = what.topology.audit.durability == audit_durability::strict;
  how.keep = {.days = what.audit.retention_days, .max_bytes = what.audit.max_bytes};
  how.clock = wall_clock_now;
  how.on_event = [](std::string_view event, const std::string& reason) {
    log_event(reason.empty() ? log_level::info : log_level::error, event, {{"reason", reason}});
  };
  return how;
}

} // namespace

plan house::make_plan() {
  plan what;
  auto& workers = scheduler_of(system_);
  const auto& topology = settings_.topology;
  what.ledger = [this] { return ledger_actor(system_.spawn<caf::detached>(ledger, stores_.ledger)); };
  what.audit = [this, &records = workers.add_thread("audit")] {
    return audit_actor(spawn_on(records, audit, stores_.audit, stores_.journal, audit_of(settings_)));
  };
  what.audit_reader = [this] { return audit_reader_actor(system_.spawn<caf::detached>(audit_reader, stores_.view)); };
  const std::size_t auths = topology.auth_replicas;
  what.keys = [this, auths] { return keys_actor(system_.spawn<caf::detached>(keys, stores_.keys, auths)); };
  quota_settings limits;
  limits.hold_lifetime = longest_request(settings_) + hold_margin;
  for (std::size_t i = 0; i < topology.quota_shards; ++i)
    what.quota.emplace_back([this, &workers, i, limits] {
      return quota_actor(spawn_on(workers.at(i % workers.size()), quota, limits,
                                  stores_.identity->id() + "/shard " + std::to_string(i)));
    });
  for (std::size_t i = 0; i < topology.auth_replicas; ++i)
    what.auth.emplace_back([&workers, i] { return auth_actor(spawn_on(workers.at(i % workers.size()), auth)); });
  for (std::size_t i = 0; i < topology.chat_upstream_replicas; ++i)
    what.chat_upstream.emplace_back([this, &workers, i] {
      return chat_upstream_actor(
          spawn_on(workers.at(i % workers.size()), chat_upstream, targets_of(settings_, routes_)));
    });
  for (auto& each : services_)
    what.acceptors.emplace_back(
        [this, &each = *each] { return acceptor_actor(spawn_on(each.here, acceptor, &each, address_)); });
  return what;
}

} // namespace gateway

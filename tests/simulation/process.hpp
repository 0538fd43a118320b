#pragma once

#include "actors/interfaces.hpp"
#include "actors/plan.hpp"
#include "tests/simulation/desk.hpp"
#include "tests/simulation/disk.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gateway::simulation {

/// What the gateways of one schedule are like.
struct shape {
  std::string instance = "gateway";
  std::size_t shards = 2;
  std::chrono::milliseconds hold_lifetime{120'000};
  interrupted_policy interrupted = interrupted_policy::charge;
};

/// What time it is: the wall clock may be set.
struct clocks {
  std::function<timestamp()> wall;
  std::function<timestamp()> steady;
};

/// One life of a gateway: the real supervisor and the real actors behind it, in which nothing happens by itself. Its
/// end is a crash: what was not written by then never is.
class process {
 public:
  process(const shape& what, disk& kept, weather& conditions, dice& random, clocks time);
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process();

  /// Who sits where now; empty seats while somebody is being started.
  const roster& people() const { return people_; }
  /// Everybody has been started.
  bool is_open() const { return open_; }
  desk& callers() { return *desk_; }

  /// Whether a message is under way.
  bool moves() { return !scheduler().jobs.empty() || desk_->answers() > 0; }
  /// Delivers one message, whichever chance says; a line about it when it is asked for.
  void deliver_one(std::string* line = nullptr);
  /// Virtual time goes on; what is due then is under way.
  void pass(std::chrono::milliseconds span) { scheduler().advance_time(span); }

  /// Throws when a shard granted at a time, on the steady clock, by which others might have had what the ledger had
  /// confirmed to it.
  void check_fence(const quota_actor& shard, timestamp granted_at) const;

  /// Ends somebody without a warning. The supervisor will see.
  void kill(const caf::actor& whom);
  /// Asks everybody to end in good order.
  void begin_drain();
  bool is_drained() const { return drained_; }

 private:
  caf::scheduler::test_coordinator& scheduler();
  plan make_plan(const shape& what);
  template <class Handle>
  Handle keep(Handle handle);

  dice& random_;
  clocks time_;
  disk_access_ptr way_;
  caf::actor_system_config config_;
  caf::actor_system system_;
  desk_ptr desk_;
  roster people_;
  shape what_;
  std::vector<caf::actor> started_;
  supervisor_actor boss_;
  bool open_ = false;
  bool drained_ = false;
};

} // namespace gateway::simulation

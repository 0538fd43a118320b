#pragma once

#include "tests/simulation/caller.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/outbox.hpp"
#include "tests/simulation/process.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::simulation {

/// What a schedule came to.
struct outcome {
  std::string violation; ///< Empty: none.
  std::uint64_t messages = 0;
  std::uint64_t grants = 0;
  std::uint64_t refusals = 0;
  std::uint64_t deaths = 0; ///< Of actors.
  std::uint64_t crashes = 0;
};

/// What a seed makes of the world.
struct profile {
  explicit profile(dice& random);

  shape house;
  weather worst;
  bool deaths = false;
  bool crashes = false;
  bool clock_jumps = false;
  bool limit_changes = false;
  bool exceeds = false;
  bool forgets = false;
  std::uint64_t steps = 300;
  timestamp start{};
  std::vector<principal_ptr> keys;

  /// Nothing happens that could cost a slice: what the ledger has at the end is what was used.
  bool is_lossless() const;
};

/// A principal like this one, with other limits; its tenant's change for all of its keys.
void change_limits(std::vector<principal_ptr>& keys, dice& random);

/// What the ledger has granted of an entry, to everybody.
std::uint64_t granted_in(ledger_store& ledger, const disk::counter& id);

/// One random schedule over the real actors. Everything in it follows from the seed.
class schedule {
 public:
  using listener = std::function<void(const std::string&)>;

  /// `trace` hears of every step; none makes it quicker.
  explicit schedule(std::uint64_t seed, listener trace = {});
  outcome run();

 private:
  using sums = std::map<disk::counter, std::uint64_t>;

  void note(const std::string& line) const {
    if (trace_) trace_(line);
  }
  clocks time() const;
  void open_house();
  void crash();
  void start_over();
  void step();
  void begin_caller();
  void trouble();
  void kill_somebody();
  void pass(std::chrono::milliseconds span);
  void pass_long(std::chrono::milliseconds span);
  void jump(std::chrono::milliseconds span);
  void deliver();
  void deliver_all();
  void forget_ended();
  void check() const;

  void become_calm();
  void settle_down(std::chrono::seconds longest, const std::function<bool()>& until, std::string_view what);
  void check_balances();
  void check_ledger(bool exact) const;
  void check_records() const;
  void check_reconciled() const;
  /// What the log has charged; `early`: also to the day that began up to so much later.
  sums charged(std::chrono::minutes early) const;

  dice random_;
  listener trace_;
  profile what_;
  disk kept_;
  weather conditions_;
  model counted_;
  promised_records promised_;
  timestamp wall_{};
  timestamp steady_{};
  std::unique_ptr<process> house_;
  std::unique_ptr<outbox> records_;
  std::unique_ptr<surroundings> world_;
  std::vector<std::shared_ptr<caller>> callers_;
  std::chrono::milliseconds since_delivery_{0}; ///< Since nothing was under way.
  std::uint64_t names_ = 0;
  bool lossy_ = false; ///< A slice may have been lost.
  outcome result_;
};

} // namespace gateway::simulation

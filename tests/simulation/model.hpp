#pragma once

#include "tests/simulation/windows.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gateway::simulation {

/// Something happened that must not.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a caller asks of QUOTA, and later what it was told that it holds.
struct claim {
  principal_ptr who;
  std::uint64_t requests = 1; ///< 0 for an extension.
  quota_amount amount;
  timestamp at{};         ///< Of the request, on the wall clock: it says in which day and month.
  timestamp granted_at{}; ///< By the shard, on the steady clock, as
  timestamp deadline{};   ///< this is when it forgets the hold.
  std::uint64_t life = 0; ///< Of the shard that was asked.
  std::vector<applied_limit> limits;
  std::vector<principal_ptr> meanwhile; ///< Who else was asked for while this one was on its way.
};
using claim_ptr = std::shared_ptr<claim>;

/// One day or month of one account, counted by what callers know.
struct window {
  std::uint64_t used = 0;    ///< Settled, as far as it was held: certainly charged.
  std::uint64_t at_most = 0; ///< Settled with all that may have been charged besides.
  std::uint64_t held = 0;    ///< By callers who were told so.
};

/// Counts what callers were granted, and says when that is more than a limit allows.
class model {
 public:
  claim_ptr open(principal_ptr who, std::uint64_t requests, quota_amount amount, timestamp now, std::uint64_t life);
  /// The answer came, whichever: it is on its way no more.
  void close(const claim_ptr& asked);
  /// It was a grant, at a time on the steady clock. Checks every limit.
  void grant(const claim_ptr& asked, timestamp at);

  /// A claim ends. `sure`: the shard certainly heard of it in time; else it may have charged all of it.
  void settle(const claim_ptr& held, const quota_amount& used, bool counted, bool sure);

  /// A process crashed, and the next one has recovered: nobody runs, and nothing is held or charged but what is told
  /// next.
  void start_over();
  /// So much is charged, and so much besides stands in the log alone.
  void know(const disk::counter& id, std::uint64_t charged, std::uint64_t uncovered);

  const std::map<disk::counter, window>& windows() const { return windows_; }
  /// What may stand in the log without having been taken from the limit: what was used beyond holds, or without limit.
  std::uint64_t uncovered(const disk::counter& id) const;

 private:
  struct moment {
    timestamp at;
    std::uint64_t amount;
    std::uint64_t bound;
    const claim* whose;
  };
  /// Of one life of a shard: its minutes and its holds are in its memory alone, and what runs from an earlier life is
  /// not counted in the next.
  using account = std::tuple<std::uint64_t, limit_scope, std::string, limit_kind>;

  std::uint64_t bound_of(const claim& asked, const applied_limit& limit) const;
  void check_minutes(const account& whose, const std::deque<moment>& all) const;
  void check_concurrency(const claim& asked, const applied_limit& limit) const;

  std::map<disk::counter, window> windows_;
  std::map<account, std::deque<moment>> minutes_;
  std::list<claim_ptr> under_way_;
  std::vector<claim_ptr> running_;
  std::vector<principal_ptr> seen_;
  std::map<disk::counter, std::uint64_t> uncovered_;
};

std::string describe(const disk::counter& which);

} // namespace gateway::simulation

#pragma once

#include "actors/interfaces.hpp"
#include "domain/audit_record.hpp"
#include "runtime/one_shot.hpp"
#include "runtime/worker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace gateway {

/// The records of one worker on their way to AUDIT: bounded, in order, and kept until AUDIT says that they are
/// committed, so that neither its death nor a failing disk loses one.
class audit_outbox {
 public:
  audit_outbox(worker& here, const roster_ptr& people, std::size_t most, std::size_t batch)
      : here_(here), people_(people), most_(most), batch_(batch) {}

  /// No further request may be let in: its record would find no room.
  bool full() const { return waiting_.size() >= most_; }
  std::size_t size() const { return waiting_.size(); }
  /// Nor may it now: AUDIT could not commit the last records, which still wait.
  bool failing() const { return failing_; }
  /// How many requests that have ended were committed.
  std::uint64_t records() const { return records_; }

  /// What must be committed before something else may happen: everything up to this entry.
  using ticket = std::uint64_t;
  /// A request that may reach an upstream: how it will end is not known yet.
  ticket admit(audit_record record, quota_amount held);
  /// A request that has ended.
  ticket settle(audit_record record);

  bool is_committed(ticket entry) const { return entry <= committed_; }
  /// Waits until that entry is committed, or the time is over; whether it is.
  task<bool> wait(ticket entry, std::chrono::milliseconds longest);

  /// Waits until what is in it now is committed, or the time is over; whether it is.
  task<bool> flush(std::chrono::milliseconds longest) { return wait(added_, longest); }

 private:
  ticket add(audit_entry entry);
  task<void> pump();

  worker& here_;
  const roster_ptr& people_;
  std::size_t most_;
  std::size_t batch_;
  std::deque<audit_entry> waiting_; ///< The first ones may be with AUDIT right now.
  bool pumping_ = false;
  bool failing_ = false; ///< The last message to AUDIT failed. Only while something waits: it is sent until it works.
  ticket added_ = 0;
  ticket committed_ = 0;
  std::uint64_t records_ = 0;
  struct waiter {
    ticket until;
    one_shot* wakes;
  };
  std::vector<waiter> waiters_;
};

} // namespace gateway

#pragma once

#include "actors/interfaces.hpp"
#include "domain/audit_record.hpp"
#include "runtime/one_shot.hpp"
#include "runtime/worker.hpp"
#include "storage/audit_batch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace gateway {

struct outbox_settings {
  std::size_t most = 65536;            ///< Entries that may be in it; the bound lets requests in, not records.
  std::size_t batch = 512;             ///< Entries in a message, at most.
  bool is_awaited = true;              ///< Requests wait until they are written down as admitted.
  std::chrono::milliseconds linger{2}; ///< How long an entry may lie in it while AUDIT is free.
};

/// The records of one worker on their way to AUDIT: bounded, in order, and kept until AUDIT says that they are
/// committed, so that neither its death nor a failing disk loses one.
///
/// To wake AUDIT costs more than to write what it is woken for. So entries gather while the worker has other work: what
/// somebody waits for goes when the worker would sleep, everything else with it, or after `linger`.
class audit_outbox {
 public:
  audit_outbox(worker& here, const roster_ptr& people, const outbox_settings& how);
  audit_outbox(const audit_outbox&) = delete;
  audit_outbox& operator=(const audit_outbox&) = delete;

  /// No further request may be let in: its record would find no room.
  bool full() const { return size() >= how_.most; }
  std::size_t size() const { return static_cast<std::size_t>(added_ - committed_); }
  /// Nor may it now: AUDIT could not commit the last records, which still wait.
  bool failing() const { return failing_; }
  /// How many requests that have ended were committed.
  std::uint64_t records() const { return records_; }

  /// What must be committed before something else may happen: everything up to this entry.
  using ticket = std::uint64_t;
  /// A request that may reach an upstream: how it will end is not known yet.
  ticket admit(const audit_record& record, const quota_amount& held);
  /// A request that has ended.
  ticket settle(const audit_record& record);

  bool is_committed(ticket entry) const { return entry <= committed_; }
  /// Waits until that entry is committed, or the time is over; whether it is.
  task<bool> wait(ticket entry, std::chrono::milliseconds longest);

  /// Waits until what is in it now is committed, or the time is over; whether it is.
  task<bool> flush(std::chrono::milliseconds longest) { return wait(added_, longest); }

 private:
  ticket add(audit_entry::phase what, const audit_record& record, const quota_amount& held);
  audit_batch& open_batch();
  /// Lets everything that is in it now go, as soon as AUDIT is free.
  void send();
  void before_sleep();
  task<void> send_later();
  task<void> pump();
  void on_committed(const audit_batch& batch);

  worker& here_;
  const roster_ptr& people_;
  outbox_settings how_;
  std::uint64_t source_; ///< Its name in the marks of its batches.
  std::uint64_t batches_ = 0;
  std::deque<std::shared_ptr<audit_batch>> waiting_;
  bool is_sent_ = false; ///< AUDIT has seen the first of them: nothing is added to it any more.
  bool pumping_ = false;
  bool lingering_ = false;
  bool failing_ = false; ///< The last message to AUDIT failed. Only while something waits: it is sent until it works.
  ticket added_ = 0;
  ticket due_ = 0;     ///< Up to here all is to go when AUDIT is free,
  ticket awaited_ = 0; ///< and up to here when the worker would sleep.
  ticket committed_ = 0;
  std::uint64_t records_ = 0;
  struct waiter {
    ticket until;
    one_shot* wakes;
  };
  std::vector<waiter> waiters_;
  std::shared_ptr<std::function<void()>> on_sleep_; ///< The worker refers to it.
};

} // namespace gateway

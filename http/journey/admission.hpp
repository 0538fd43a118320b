#pragma once

#include "http/exchange.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/surface.hpp"

#include <utility>

namespace gateway {

/// What a request was granted: its hold, and its place in the audit log, where it is written down as admitted. Nothing
/// of an answer goes out before that is committed, with `strict` no call is made before, with `async` nobody waits.
class admission {
 public:
  /// Writes down what the request holds and how long its prompt is about; from here on its record has its id.
  admission(exchange& talk, held_quota taken, const model_request& wanted);

  /// Whether an upstream may be asked, and whether an answer may go out. The failure says that the log did not take the
  /// record in time.
  task<result<void>> before_call() { return wait_for(audit_durability::strict); }
  task<result<void>> before_answer() { return wait_for(audit_durability::grouped); }
  /// The same where there is nothing to wait for, which needs no coroutine.
  bool may_call() const { return may(audit_durability::strict); }
  bool may_answer() const { return may(audit_durability::grouped); }

  held_quota hold;

 private:
  bool may(audit_durability least) const;
  task<result<void>> wait_for(audit_durability least);

  exchange& talk_;
  audit_outbox::ticket entry_;
  bool too_late_ = false;
};

} // namespace gateway
